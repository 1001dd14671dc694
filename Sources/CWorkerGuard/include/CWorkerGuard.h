#ifndef CWORKERGUARD_H
#define CWORKERGUARD_H

#include <stddef.h>
#include <stdint.h>

#include "CWorkerSpawn.h"

/// What a worker writes down of its own end, for the parent to read once it has waited for the worker.
///
/// Linux on x86-64 with glibc from 2.35 on. One thread of the worker works on documents; "the work thread" is the one that
/// called `worker_guard_install`.

enum {
  WORKER_FRAMES = 48,
  /// A build with every library shared loads about 40.
  WORKER_MODULES = 64,
  WORKER_PATH = 256,
  /// The exit code of a worker that ran out of processor time; the code that timeout(1) gives.
  WORKER_TIME_LIMIT_EXIT = 124,
};

enum worker_cause {
  WORKER_RUNNING = 0,
  /// A signal ended the worker; it dies of that same signal.
  WORKER_SIGNAL = 1,
  /// The document at work took more processor time than it may; the worker exits with `WORKER_TIME_LIMIT_EXIT`.
  WORKER_TIME_LIMIT = 2,
};

/// A file that is mapped into the worker.
struct worker_module {
  /// What to take from an address to have the address in the file: the load bias, 0 for a program at a fixed address.
  uint64_t base;
  /// The addresses the file takes up.
  uint64_t start, end;
  /// As the loader names it, absolute; ends with a zero. A longer path keeps its end.
  char path[WORKER_PATH];
};

/// Lies in memory that the parent and the worker share.
///
/// `sequence`, `stage`, `started` and `cause` may be read while the worker runs, by the functions below. The rest is only settled
/// once the worker has ended, and may be anything if the worker wrote over it: read it as untrusted.
struct worker_status {
  /// The number of the document at work; 0 between documents.
  uint64_t sequence;
  /// When the document was begun, in nanoseconds of CLOCK_MONOTONIC, which is the same clock in every process.
  int64_t started;
  /// The index of the stage at work; -1 outside of stages.
  int32_t stage;
  /// An `enum worker_cause`.
  int32_t cause;
  /// The signal, where the cause is a signal; else 0.
  int32_t signal;
  /// 1 where the signal came of a stack that is used up; else 0.
  int32_t stack_overflow;
  /// Private writable memory and stack at the moment of the end, in bytes, as `worker_guard_data_bytes` gives it; -1 if unknown.
  int64_t data_bytes;
  int32_t frame_count, module_count;
  /// The stack, innermost first. Each address lies in the instruction that was at work: the exact place of the fault in the first
  /// frame, one byte before the return address in those that called. Where the cause is a time limit, only those frames that were on
  /// the stack in all samples.
  uint64_t frames[WORKER_FRAMES];
  struct worker_module modules[WORKER_MODULES];
};

// MARK: The parent

uint64_t worker_status_sequence(const struct worker_status *status);
int32_t worker_status_stage(const struct worker_status *status);
int64_t worker_status_started(const struct worker_status *status);
int32_t worker_status_cause(const struct worker_status *status);

/// The first of `WORKER_FRAMES` and `WORKER_MODULES` entries, and the first byte of `WORKER_PATH`: Swift imports arrays as tuples.
const uint64_t *worker_status_frames(const struct worker_status *status);
const struct worker_module *worker_status_modules(const struct worker_status *status);
const char *worker_module_path(const struct worker_module *module);

// MARK: The worker

/// Empties the status and has it filled when a signal ends this process. Called once, by the work thread, before the first document;
/// gives 0 or an errno.
///
/// Replaces the handlers of SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS and SIGXCPU, and at the end that of SIGALRM.
int worker_guard_install(struct worker_status *status);

/// A document begins, which may take `cpu_limit` nanoseconds of the work thread's processor time; 0: any time.
///
/// The worker is never ended before the limit, and at the latest at 9/8 of it and 200 ms. Only a changed limit costs a system call.
/// - Only called by the work thread, after `worker_guard_install`. `sequence` is not 0.
void worker_guard_begin(struct worker_status *status, uint64_t sequence, int64_t cpu_limit);

/// The stage with this index begins; -1: none is at work.
void worker_guard_stage(struct worker_status *status, int32_t index);

/// The document has ended: the limit no longer counts. Makes no system call.
void worker_guard_end(struct worker_status *status);

/// The private writable memory of this process and its stack, in bytes; -1 if unknown. RLIMIT_DATA counts the same without the main
/// thread's stack.
int64_t worker_guard_data_bytes(void);

/// Lets allocations fail that would take the private writable memory above `bytes`. Gives 0 or an errno.
int worker_guard_limit_data(uint64_t bytes);

/// The end of this process leaves no core dump, nor is one piped to a program. Gives 0 or an errno.
int worker_guard_no_core(void);

// MARK: The Swift runtime

/// Part of every Swift program; no header of the toolchain declares it. Gives memory to be freed, null for a name that is not Swift's.
char *swift_demangle(const char *name, size_t length, char *output, size_t *output_size, uint32_t flags);

#endif
