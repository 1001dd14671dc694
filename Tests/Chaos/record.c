/* Writes down what happens below a folder. Part of the shim, see shim.c; powercut.py reads what is written here.

   A record is a head as below, two paths, and data. Each is appended by one call, so that records of several processes do not mix. */
#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct head {
  uint32_t kind;
  uint32_t isFolder;
  uint64_t inode;
  int64_t offset;
  uint32_t pathLength;
  uint32_t targetLength;
  uint64_t dataLength;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *log_path;

static void read_settings(void) {
  log_path = getenv("CHAOS_LOG");
  folder = log_path ? getenv("CHAOS_RECORD") : NULL;
}

bool record_wants(const char *path) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_settings);
  return is_below(path, folder);
}

void record_begin(void) { pthread_mutex_lock(&lock); }

void record_end(void) { pthread_mutex_unlock(&lock); }

/* A log with a gap would be worse than none: the process ends. */
static void append(struct head head, const char *path, const char *target, const void *data) {
  head.pathLength = (uint32_t)strlen(path);
  head.targetLength = (uint32_t)strlen(target);
  struct iovec pieces[] = {
    {&head, sizeof head}, {(void *)path, head.pathLength}, {(void *)target, head.targetLength}, {(void *)data, head.dataLength}};
  size_t total = sizeof head + head.pathLength + head.targetLength + head.dataLength;
  long log = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (log < 0 || syscall(SYS_writev, log, pieces, 4) != (long)total) _exit(97);
  syscall(SYS_close, log);
}

void record_file(enum record kind, int file, int64_t offset, const char *path, const void *data, size_t length) {
  struct stat status;
  if (fstat(file, &status) != 0) _exit(97);
  if (kind == RECORD_TRUNCATE) offset = status.st_size;
  struct head head = {.kind = kind, .isFolder = S_ISDIR(status.st_mode), .inode = status.st_ino, .offset = offset, .dataLength = length};
  append(head, path, "", data);
}

void record_name(enum record kind, const char *path, const char *target) {
  append((struct head){.kind = kind}, path, target, NULL);
}
