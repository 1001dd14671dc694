/* A library for LD_PRELOAD that stands between a program and the disk. chaos.py builds it; by hand:

     cc -shared -fPIC -O2 -pthread -o shim.so shim.c fail.c record.c paths.c

   It does two things, each only when the environment asks for it.

   Calls fail (fail.c):
     CHAOS_FOLDER   only calls that concern this file or folder, or what is below it; an absolute path without links
     CHAOS_CALLS    which, of: read open create write truncate sync rename unlink mkdir
     CHAOS_AT       the number of the call that fails, counted from 1 over all processes
     CHAOS_FOREVER  when set, all later ones fail as well
     CHAOS_FAIL     how: ENOSPC, EIO, SHORT (a write takes but half), KILL (the process dies before the call)
     CHAOS_STATE    a file of 16 zero bytes, where the calls and the failures are counted

   Changes are recorded (record.c):
     CHAOS_RECORD   below this folder; an absolute path without links
     CHAOS_LOG      into this file

   Not seen are: changes through mapped memory, copy_file_range, sendfile, io_uring, and stdio. powercut.py notices when some were missed. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define ALIAS(of) __attribute__((alias(#of)))

/* Runs `call`, and records it where it went well and the path is watched. */
#define RECORDED(path, call, note)       \
  ({                                     \
    bool is_noted = record_wants(path);   \
    if (is_noted) record_begin();         \
    long result = (call);                \
    if (is_noted && result >= 0) { note; } \
    if (is_noted) record_end();           \
    result;                              \
  })

/* Opening. */

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (!path_at(folder, path, full)) return (int)syscall(SYS_openat, folder, path, flags, mode);
  if (fail_now(flags & O_CREAT ? CALL_CREATE : CALL_OPEN, full, NULL)) return -1;
  int changes = (flags & O_CREAT ? OPEN_CREATES : 0) | (flags & O_TRUNC ? OPEN_TRUNCATES : 0);
  return (int)RECORDED(full, syscall(SYS_openat, folder, path, flags, mode),
                       if (changes) record_file(RECORD_OPEN, (int)result, changes, full, NULL, 0));
}

static mode_t mode_of(int flags, va_list arguments) {
  return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_at(folder, path, flags, mode);
}

int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return open_at(folder, path, flags, 0); }
int open64(const char *path, int flags, ...) ALIAS(open);
int openat64(int folder, const char *path, int flags, ...) ALIAS(openat);
int creat64(const char *path, mode_t mode) ALIAS(creat);
int __open64_2(const char *path, int flags) ALIAS(__open_2);
int __openat64_2(int folder, const char *path, int flags) ALIAS(__openat_2);

/* Reading. */

static bool read_fails(int file) {
  char path[PATH_MAX];
  return fail_wants(CALL_READ) && path_of(file, path) && fail_now(CALL_READ, path, NULL);
}

ssize_t read(int file, void *data, size_t length) {
  return read_fails(file) ? -1 : syscall(SYS_read, file, data, length);
}

ssize_t pread(int file, void *data, size_t length, off_t offset) {
  return read_fails(file) ? -1 : syscall(SYS_pread64, file, data, length, offset);
}

ssize_t readv(int file, const struct iovec *pieces, int count) {
  return read_fails(file) ? -1 : syscall(SYS_readv, file, pieces, count);
}

ssize_t __read_chk(int file, void *data, size_t length, size_t room) {
  (void)room;
  return read(file, data, length);
}

ssize_t pread64(int file, void *data, size_t length, off_t offset) ALIAS(pread);

/* Writing. */

static void note_write(int file, const char *path, const void *data, size_t length, off_t offset) {
  record_file(RECORD_WRITE, file, offset, path, data, length);
  if (syscall(SYS_fcntl, file, F_GETFL) & O_DSYNC) record_file(RECORD_SYNC, file, 0, path, NULL, 0);
}

ssize_t write(int file, const void *data, size_t length) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return syscall(SYS_write, file, data, length);
  if (fail_now(CALL_WRITE, path, &length)) return -1;
  return RECORDED(path, syscall(SYS_write, file, data, length),
                  note_write(file, path, data, (size_t)result, syscall(SYS_lseek, file, 0, SEEK_CUR) - result));
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return syscall(SYS_pwrite64, file, data, length, offset);
  if (fail_now(CALL_WRITE, path, &length)) return -1;
  return RECORDED(path, syscall(SYS_pwrite64, file, data, length, offset), note_write(file, path, data, (size_t)result, offset));
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return syscall(SYS_writev, file, pieces, count);
  ssize_t total = 0;
  for (int index = 0; index < count; index++) {
    ssize_t written = write(file, pieces[index].iov_base, pieces[index].iov_len);
    if (written < 0) return total ? total : -1;
    total += written;
    if ((size_t)written < pieces[index].iov_len) break;
  }
  return total;
}

ssize_t pwritev(int file, const struct iovec *pieces, int count, off_t offset) {
  ssize_t total = 0;
  for (int index = 0; index < count; index++) {
    ssize_t written = pwrite(file, pieces[index].iov_base, pieces[index].iov_len, offset + total);
    if (written < 0) return total ? total : -1;
    total += written;
    if ((size_t)written < pieces[index].iov_len) break;
  }
  return total;
}

ssize_t pwrite64(int file, const void *data, size_t length, off_t offset) ALIAS(pwrite);
ssize_t pwritev64(int file, const struct iovec *pieces, int count, off_t offset) ALIAS(pwritev);

int ftruncate(int file, off_t length) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return (int)syscall(SYS_ftruncate, file, length);
  if (fail_now(CALL_TRUNCATE, path, NULL)) return -1;
  return (int)RECORDED(path, syscall(SYS_ftruncate, file, length), record_file(RECORD_TRUNCATE, file, 0, path, NULL, 0));
}

int truncate(const char *path, off_t length) {
  int file = open_at(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
  if (file < 0) return -1;
  int result = ftruncate(file, length), error = errno;
  syscall(SYS_close, file);
  errno = error;
  return result;
}

int fallocate(int file, int mode, off_t offset, off_t length) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return (int)syscall(SYS_fallocate, file, mode, offset, length);
  if (fail_now(CALL_TRUNCATE, path, NULL)) return -1;
  return (int)RECORDED(path, syscall(SYS_fallocate, file, mode, offset, length), record_file(RECORD_TRUNCATE, file, 0, path, NULL, 0));
}

int posix_fallocate(int file, off_t offset, off_t length) { return fallocate(file, 0, offset, length) == 0 ? 0 : errno; }

int ftruncate64(int file, off_t length) ALIAS(ftruncate);
int truncate64(const char *path, off_t length) ALIAS(truncate);
int fallocate64(int file, int mode, off_t offset, off_t length) ALIAS(fallocate);
int posix_fallocate64(int file, off_t offset, off_t length) ALIAS(posix_fallocate);

/* Making durable. */

static int sync_by(long number, int file) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return (int)syscall(number, file);
  if (fail_now(CALL_SYNC, path, NULL)) return -1;
  return (int)RECORDED(path, syscall(number, file), record_file(RECORD_SYNC, file, 0, path, NULL, 0));
}

int fsync(int file) { return sync_by(SYS_fsync, file); }
int fdatasync(int file) { return sync_by(SYS_fdatasync, file); }

int syncfs(int file) {
  char path[PATH_MAX];
  if (!path_of(file, path)) return (int)syscall(SYS_syncfs, file);
  return (int)RECORDED(path, syscall(SYS_syncfs, file), record_name(RECORD_SYNC_ALL, path, ""));
}

/* Names. */

int renameat2(int folder, const char *path, int other, const char *target, unsigned flags) {
  char from[PATH_MAX], to[PATH_MAX];
  if (!path_at(folder, path, from) || !path_at(other, target, to)) {
    return (int)syscall(SYS_renameat2, folder, path, other, target, flags);
  }
  if (fail_now(CALL_RENAME, to, NULL)) return -1;
  return (int)RECORDED(record_wants(from) ? from : to, syscall(SYS_renameat2, folder, path, other, target, flags), record_name(RECORD_RENAME, from, to));
}

int rename(const char *path, const char *target) { return renameat2(AT_FDCWD, path, AT_FDCWD, target, 0); }
int renameat(int folder, const char *path, int other, const char *target) { return renameat2(folder, path, other, target, 0); }

int linkat(int folder, const char *path, int other, const char *target, int flags) {
  char from[PATH_MAX], to[PATH_MAX];
  if (!path_at(folder, path, from) || !path_at(other, target, to)) return (int)syscall(SYS_linkat, folder, path, other, target, flags);
  if (fail_now(CALL_CREATE, to, NULL)) return -1;
  return (int)RECORDED(to, syscall(SYS_linkat, folder, path, other, target, flags), record_name(RECORD_LINK, from, to));
}

int link(const char *path, const char *target) { return linkat(AT_FDCWD, path, AT_FDCWD, target, 0); }

int unlinkat(int folder, const char *path, int flags) {
  char full[PATH_MAX];
  if (!path_at(folder, path, full)) return (int)syscall(SYS_unlinkat, folder, path, flags);
  if (fail_now(CALL_UNLINK, full, NULL)) return -1;
  enum record kind = flags & AT_REMOVEDIR ? RECORD_RMDIR : RECORD_UNLINK;
  return (int)RECORDED(full, syscall(SYS_unlinkat, folder, path, flags), record_name(kind, full, ""));
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int remove(const char *path) {
  int result = unlink(path);
  return result != 0 && errno == EISDIR ? rmdir(path) : result;
}

int mkdirat(int folder, const char *path, mode_t mode) {
  char full[PATH_MAX];
  if (!path_at(folder, path, full)) return (int)syscall(SYS_mkdirat, folder, path, mode);
  if (fail_now(CALL_MKDIR, full, NULL)) return -1;
  return (int)RECORDED(full, syscall(SYS_mkdirat, folder, path, mode), record_name(RECORD_MKDIR, full, ""));
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
