#define _GNU_SOURCE
#include "CCrashes.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEPT __attribute__((noinline))

static volatile int sink;
static int *volatile null_pointer;
static void (*volatile null_function)(void);

KEPT void crash_null_dereference(void) {
  *null_pointer = 1;
  sink++;
}

KEPT void crash_null_call(void) {
  null_function();
  sink++;
}

KEPT void crash_wild_call(void) {
  void (*volatile function)(void) = (void (*)(void))(void *)&sink;
  function();
  sink++;
}

KEPT void crash_abort(void) {
  sink++;
  abort();
}

KEPT void crash_division(void) {
  volatile int number = 7, zero = 0;
  sink = number / zero;
}

KEPT void crash_raise_bus(void) {
  raise(SIGBUS);
  sink++;
}

KEPT int crash_recursion(int depth) {
  volatile char room[200];
  room[depth % 200] = (char)depth;
  int result = crash_recursion(depth + 1);
  return result + room[depth % 200];
}

KEPT int crash_recursion_even(int depth) {
  volatile char room[300];
  room[depth % 300] = (char)depth;
  int result = crash_recursion_odd(depth + 1);
  return result + room[depth % 300];
}

KEPT int crash_recursion_odd(int depth) {
  volatile char room[100];
  room[depth % 100] = (char)depth;
  int result = crash_recursion_even(depth + 1);
  return result + room[depth % 100];
}

KEPT void crash_loop(void) {
  while (true) sink++;
}

KEPT static void first_leaf(void) {
  for (int i = 0; i < 1000; i++) sink++;
}

KEPT static void second_leaf(void) {
  for (int i = 0; i < 1000; i++) sink += 2;
  first_leaf();
  free(malloc(1000));
}

KEPT void crash_loop_of_calls(void) {
  while (true) {
    first_leaf();
    second_leaf();
  }
}

KEPT void crash_smashed_stack(void) {
  volatile char room[16];
  // Up to where the caller's registers and the place to return to are.
  volatile char *end = room;
  for (int i = 0; i < 4096; i++) end[i] = 0x5A;
  *null_pointer = room[3];
  sink++;
}

KEPT void crash_double_free(void) {
  void *volatile memory = malloc(2000);
  void *volatile other = malloc(2000);
  free(memory);
  free(memory);
  free(other);
}

KEPT void crash_status(void *status, unsigned long size) {
  memset(status, 0xFF, size);
  *null_pointer = 1;
}

void use_time(long nanoseconds) {
  struct timespec begin, now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
  do {
    first_leaf();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  } while ((now.tv_sec - begin.tv_sec) * 1000000000 + now.tv_nsec - begin.tv_nsec < nanoseconds);
}
