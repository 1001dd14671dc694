#ifndef CWORKERGUARD_INTERNALS_H
#define CWORKERGUARD_INTERNALS_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "CWorkerGuard.h"

// MARK: Modules

/// Writes down what is mapped now.
void list_modules(struct worker_status *status);

/// Adds the module of a frame if it was loaded after the start. Takes no lock and no memory.
void note_module(struct worker_status *status, uint64_t address);

// MARK: The stack

/// A walk from the frame that a signal interrupted to the outermost one.
struct walk {
  /// The place that was interrupted; the frames before it are those of the handler.
  uint64_t first;
  bool has_begun, is_over;
  int count;
  /// Registers of the frame that was reached last.
  uint64_t stack_pointer, frame_pointer;
  /// Takes a frame; false: no more.
  bool (*add)(void *into, uint64_t instruction, uint64_t function);
  void *into;
  /// Where the stack ends.
  uintptr_t stack_high;
};

/// Walks over the stack of an interrupted thread. Leaves the context as it is, but changes it on the way.
void walk_stack(struct walk *walk, ucontext_t *context);

/// Walks over the stack of the caller: the loader finds the functions that a handler will call.
void prepare_walk(struct walk *walk);

#endif
