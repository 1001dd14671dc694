/* What the files of the shim share. shim.c says what it is for and how it is told what to do. */
#ifndef CHAOS_SHIM_H
#define CHAOS_SHIM_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of calls that can fail; the bit of each is its place here. The names stand in fail.c in the same order. */
enum call { CALL_READ, CALL_OPEN, CALL_CREATE, CALL_WRITE, CALL_TRUNCATE, CALL_SYNC, CALL_RENAME, CALL_UNLINK, CALL_MKDIR, CALLS };

/* paths.c: absolute paths without `.` and `..`, by text only. */

/* The path of an open file, as the kernel knows it now. False for pipes and the like. */
bool path_of(int file, char result[PATH_MAX]);
/* The path that `path` means, seen from the folder that `folder` is open on (or AT_FDCWD). */
bool path_at(int folder, const char *path, char result[PATH_MAX]);
/* Whether a path is `folder` or below it; nothing is below NULL. */
bool is_below(const char *path, const char *folder);

/* fail.c: makes calls fail. */

/* Whether calls of this kind can fail at all in this process. */
bool fail_wants(enum call call);
/* To be asked before a call. Returns true when the call must fail with the errno that was set. May shorten *length (NULL: no length), and
   may not return at all. */
bool fail_now(enum call call, const char *path, size_t *length);

/* record.c: writes down what happens below a folder. */

enum record {
  RECORD_OPEN = 'O', RECORD_WRITE = 'W', RECORD_TRUNCATE = 'T', RECORD_SYNC = 'S', RECORD_SYNC_ALL = 'A',
  RECORD_RENAME = 'R', RECORD_LINK = 'L', RECORD_UNLINK = 'U', RECORD_MKDIR = 'M', RECORD_RMDIR = 'D'
};
/* Bits of `offset` for RECORD_OPEN. */
enum { OPEN_CREATES = 1, OPEN_TRUNCATES = 2 };

bool record_wants(const char *path);
/* A call and its record belong together: between these two no other thread changes anything below the folder. */
void record_begin(void);
void record_end(void);
/* Notes what was done to an open file. */
void record_file(enum record kind, int file, int64_t offset, const char *path, const void *data, size_t length);
/* Notes what was done to a name. `target` may be "". */
void record_name(enum record kind, const char *path, const char *target);

#endif
