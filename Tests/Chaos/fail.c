/* Makes the K-th call fail. Part of the shim, see shim.c. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const names[CALLS] = {"read", "open", "create", "write", "truncate", "sync", "rename", "unlink", "mkdir"};

/* Shared by all processes of a run, so that "once" means once. The harness reads it. */
struct state {
  uint64_t calls;
  uint64_t failed;
};

static struct {
  unsigned calls;
  const char *folder;
  const char *how;
  uint64_t at;
  bool forever;
  struct state *state;
} plan;

static struct state *map_state(const char *path) {
  long file = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return NULL;
  void *memory = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE, MAP_SHARED, (int)file, 0);
  syscall(SYS_close, file);
  return memory == MAP_FAILED ? NULL : memory;
}

static void read_plan(void) {
  const char *calls = getenv("CHAOS_CALLS"), *at = getenv("CHAOS_AT");
  plan.folder = getenv("CHAOS_FOLDER");
  plan.how = getenv("CHAOS_FAIL");
  plan.state = map_state(getenv("CHAOS_STATE"));
  if (!calls || !at || !plan.folder || !plan.how || !plan.state) return;
  plan.at = strtoull(at, NULL, 10);
  plan.forever = getenv("CHAOS_FOREVER") != NULL;
  for (int call = 0; call < CALLS; call++) {
    if (strstr(calls, names[call])) plan.calls |= 1u << call;
  }
}

bool fail_wants(enum call call) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_plan);
  return plan.calls & (1u << call);
}

bool fail_now(enum call call, const char *path, size_t *length) {
  if (!fail_wants(call) || !is_below(path, plan.folder)) return false;
  uint64_t number = __atomic_add_fetch(&plan.state->calls, 1, __ATOMIC_SEQ_CST);
  if (number < plan.at || (number > plan.at && !plan.forever)) return false;
  __atomic_add_fetch(&plan.state->failed, 1, __ATOMIC_SEQ_CST);
  if (strcmp(plan.how, "KILL") == 0) syscall(SYS_kill, getpid(), SIGKILL);
  bool is_full = strcmp(plan.how, "ENOSPC") == 0;
  /* A disk that fills up takes the first part of the data. */
  bool is_short = strcmp(plan.how, "SHORT") == 0 || (is_full && plan.forever && number == plan.at);
  if (is_short && length && *length > 1) {
    *length /= 2;
    return false;
  }
  errno = is_full ? ENOSPC : EIO;
  return strcmp(plan.how, "SHORT") != 0;
}
