/* Absolute paths of files and names. Part of the shim, see shim.c. */
#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool path_of(int file, char result[PATH_MAX]) {
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, result, PATH_MAX - 1);
  if (length <= 0 || result[0] != '/') return false;
  result[length] = 0;
  /* The kernel's way to say that the name is gone. */
  static const char deleted[] = " (deleted)";
  size_t rest = (size_t)length < sizeof deleted - 1 ? 0 : (size_t)length - (sizeof deleted - 1);
  if (rest && strcmp(result + rest, deleted) == 0) result[rest] = 0;
  return true;
}

/* Takes `.`, `..` and empty names out of an absolute path, in place. */
static void tidy(char *path) {
  char *out = path;
  const char *in = path;
  while (*in) {
    while (*in == '/') in++;
    size_t length = strcspn(in, "/");
    if (length == 2 && in[0] == '.' && in[1] == '.') {
      while (out > path && *--out != '/') {}
    } else if (length > 0 && !(length == 1 && in[0] == '.')) {
      *out++ = '/';
      memmove(out, in, length);
      out += length;
    }
    in += length;
  }
  if (out == path) *out++ = '/';
  *out = 0;
}

bool path_at(int folder, const char *path, char result[PATH_MAX]) {
  if (!path) return false;
  size_t start = 0;
  if (path[0] != '/') {
    bool found = folder == AT_FDCWD ? syscall(SYS_getcwd, result, PATH_MAX) > 0 : path_of(folder, result);
    if (!found) return false;
    start = strlen(result);
    result[start++] = '/';
  }
  if (start + strlen(path) >= PATH_MAX) return false;
  strcpy(result + start, path);
  tidy(result);
  return true;
}

bool is_below(const char *path, const char *folder) {
  if (!folder) return false;
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == 0 || path[length] == '/');
}
