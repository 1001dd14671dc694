#define _GNU_SOURCE
#include "CWorkerSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { FIRST_FREE = 16, MOST_DESCRIPTORS = 8 };

static const char BACKTRACE[] = "SWIFT_BACKTRACE=";

/// The environment with the runtime's crash reports off: they would take seconds, and name addresses.
static char **worker_environment(void) {
  size_t count = 0;
  while (environ[count]) count++;
  char **result = calloc(count + 2, sizeof *result);
  if (!result) return NULL;
  size_t next = 0;
  for (size_t i = 0; i < count; i++)
    if (strncmp(environ[i], BACKTRACE, sizeof BACKTRACE - 1) != 0) result[next++] = environ[i];
  result[next] = "SWIFT_BACKTRACE=enable=no";
  return result;
}

static int add_descriptors(posix_spawn_file_actions_t *actions, const int *sources, const int *numbers, size_t count, int *copies) {
  int last = 2;
  for (int number = 0; number < 2; number++) {
    int code = posix_spawn_file_actions_addopen(actions, number, "/dev/null", O_RDWR, 0);
    if (code) return code;
  }
  for (size_t i = 0; i < count; i++) {
    // Copies above all numbers that are given out, so that none is overwritten before it is given.
    copies[i] = fcntl(sources[i], F_DUPFD_CLOEXEC, FIRST_FREE);
    if (copies[i] < 0) return errno;
    int code = posix_spawn_file_actions_adddup2(actions, copies[i], numbers[i]);
    if (code) return code;
    if (numbers[i] > last) last = numbers[i];
  }
  return posix_spawn_file_actions_addclosefrom_np(actions, last + 1);
}

int worker_spawn(pid_t *process, const char *const *arguments, const int *sources, const int *numbers, size_t count) {
  if (count > MOST_DESCRIPTORS) return EINVAL;
  int copies[MOST_DESCRIPTORS];
  for (size_t i = 0; i < count; i++) copies[i] = -1;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  char **environment = worker_environment();
  int code = environment ? add_descriptors(&actions, sources, numbers, count, copies) : ENOMEM;
  if (!code) {
    sigset_t none;
    sigemptyset(&none);
    // A group of its own: Ctrl-C is for the parent, which lets the documents in flight be finished.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    code = posix_spawn(process, arguments[0], &actions, &attributes, (char *const *)arguments, environment);
  }
  for (size_t i = 0; i < count; i++)
    if (copies[i] >= 0) close(copies[i]);
  free(environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int plugin_spawn(pid_t *process, const char *path, const char *const *arguments, const char *folder, const int descriptors[3]) {
  int copies[3] = {-1, -1, -1};
  // Written by the child, which shares our memory until it is another program.
  volatile int code = 0;
  for (int i = 0; i < 3 && !code; i++) {
    copies[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, FIRST_FREE);
    if (copies[i] < 0) code = errno;
  }
  pid_t child = -1;
  if (!code) {
    child = vfork();
    if (child == 0) {
      sigset_t none;
      sigemptyset(&none);
      // What the parent ignores would be ignored by the program too.
      signal(SIGPIPE, SIG_DFL);
      sigprocmask(SIG_SETMASK, &none, NULL);
      setsid();
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (int i = 0; i < 3; i++)
        if (dup2(copies[i], i) < 0) _exit((code = errno, 127));
      close_range(3, ~0U, 0);
      if (chdir(folder) != 0) _exit((code = errno, 127));
      execv(path, (char *const *)arguments);
      code = errno;
      _exit(127);
    }
    if (child < 0) code = errno;
  }
  for (int i = 0; i < 3; i++)
    if (copies[i] >= 0) close(copies[i]);
  if (child > 0 && code) {
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
  }
  if (!code) *process = child;
  return code;
}

int plugin_watch(pid_t process) {
  return pidfd_open(process, 0);
}

int worker_event(void) {
  return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int worker_shared_memory(size_t size) {
  int descriptor = memfd_create("pipe-worker", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -1;
  if (ftruncate(descriptor, (off_t)size) != 0) {
    close(descriptor);
    return -1;
  }
  // A worker that has gone wild cannot take the memory away under the parent.
  fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
  return descriptor;
}

int worker_pipe(int ends[2]) {
  return pipe2(ends, O_CLOEXEC);
}

const char *worker_signal_name(int signal) {
  return sigabbrev_np(signal);
}
