#define _GNU_SOURCE
#include "internals.h"

#include <dlfcn.h>
#include <unwind.h>

/// The instruction of a frame that was at work.
static uint64_t instruction(struct _Unwind_Context *frame) {
  int is_exact = 0;
  uint64_t address = _Unwind_GetIPInfo(frame, &is_exact);
  return is_exact || address == 0 ? address : address - 1;
}

/// A deeper stack is not walked to its end.
enum { WALK_FRAMES = 1 << 20 };

static _Unwind_Reason_Code visit(struct _Unwind_Context *frame, void *data) {
  struct walk *walk = data;
  uint64_t address = instruction(frame);
  if (!walk->has_begun) {
    if (address != walk->first) return _URC_NO_REASON;
    walk->has_begun = true;
  } else if (address == 0) {
    return _URC_END_OF_STACK;
  }
  walk->stack_pointer = _Unwind_GetCFA(frame);
  // Register 6 of the unwind tables is rbp.
  walk->frame_pointer = _Unwind_GetGR(frame, 6);
  walk->is_over = !walk->add(walk->into, address, _Unwind_GetRegionStart(frame)) || ++walk->count >= WALK_FRAMES;
  return walk->is_over ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/// Whether an address lies in a loaded file, behind a call.
static bool is_return_address(uint64_t address) {
  struct dl_find_object found;
  if (address < 8 || _dl_find_object((void *)(address - 8), &found) != 0) return false;
  const uint8_t *code = (const uint8_t *)address;
  // E8 and four bytes; FF /2, with a displacement of none, one or four bytes, with or without a SIB byte.
  if (code[-5] == 0xE8) return true;
  for (int length = 2; length <= 7; length++) {
    if (code[-length] == 0xFF && (code[-length + 1] & 0x38) == 0x10) return true;
  }
  return false;
}

void walk_stack(struct walk *walk, ucontext_t *context) {
  greg_t *registers = context->uc_mcontext.gregs;
  const greg_t instruction_pointer = registers[REG_RIP], stack_pointer = registers[REG_RSP], frame_pointer = registers[REG_RBP];
  walk->first = (uint64_t)instruction_pointer;
  walk->has_begun = false;
  _Unwind_Backtrace(visit, walk);
  // The unwinder stops at a function without unwind tables. What it finds in the saved registers is where it begins, so give it those
  // of the function's caller.
  while (walk->has_begun && !walk->is_over) {
    uint64_t next, frame = walk->frame_pointer;
    if (walk->count == 1 && is_return_address(*(uint64_t *)stack_pointer)) {
      // A call to a place that is no function: it has not come to save anything.
      next = *(uint64_t *)stack_pointer;
      registers[REG_RSP] = stack_pointer + 8;
    } else if (frame >= walk->stack_pointer && frame < walk->stack_high - 16 && frame % 8 == 0 && is_return_address(((uint64_t *)frame)[1])) {
      // Swift's own functions without tables keep the frame pointer.
      next = ((uint64_t *)frame)[1];
      registers[REG_RSP] = (greg_t)(frame + 16);
      registers[REG_RBP] = (greg_t)((uint64_t *)frame)[0];
    } else {
      break;
    }
    walk->first = next - 1;
    registers[REG_RIP] = (greg_t)walk->first;
    walk->has_begun = false;
    _Unwind_Backtrace(visit, walk);
  }
  registers[REG_RIP] = instruction_pointer;
  registers[REG_RSP] = stack_pointer;
  registers[REG_RBP] = frame_pointer;
}

void prepare_walk(struct walk *walk) {
  walk->has_begun = true;
  _Unwind_Backtrace(visit, walk);
}
