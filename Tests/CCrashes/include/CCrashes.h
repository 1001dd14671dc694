#ifndef CCRASHES_H
#define CCRASHES_H

#ifdef __cplusplus
extern "C" {
#endif

/// Each ends the process in its own way.
void crash_null_dereference(void);
void crash_null_call(void);
void crash_wild_call(void);
void crash_abort(void);
void crash_division(void);
void crash_raise_bus(void);
int crash_recursion(int depth);
int crash_recursion_even(int depth);
int crash_recursion_odd(int depth);
void crash_loop(void);
void crash_loop_of_calls(void);
void crash_in_page(void);
void crash_exception(void);
void crash_smashed_stack(void);
void crash_double_free(void);
void crash_status(void *status, unsigned long size);

/// Uses processor time.
void use_time(long nanoseconds);

#ifdef __cplusplus
}
#endif

#endif
