#ifndef CRE2_H
#define CRE2_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Patterns of RE2 that are looked for together, in time linear in the text. May be used by several threads at once.
typedef struct cre2_set cre2_set;

/// Compiles patterns in UTF-8; case counts unless a pattern says `(?i)`.
///
/// Returns NULL when one is wrong: `bad` is then its index, and `message`, of `message_size` bytes, says why.
cre2_set *cre2_set_new(const char *const *patterns, size_t count, size_t *bad, char *message, size_t message_size);

/// The lowest index of the patterns that occur in a text, or -1.
long cre2_set_first_match(const cre2_set *set, const char *text, size_t length);

void cre2_set_free(cre2_set *set);

/// One pattern, for finding where it occurs, in time linear in the text. May be used by several threads at once.
typedef struct cre2_pattern cre2_pattern;

/// Compiles a pattern as `cre2_set_new` does. Returns NULL when it is wrong: `message` then says why.
cre2_pattern *cre2_pattern_new(const char *pattern, char *message, size_t message_size);

/// The first occurrence at or behind `from`. Gives whether there is one; `match` receives the start and end of the whole, and of the pattern's first
/// group, -1 where there is none.
int cre2_pattern_find(const cre2_pattern *pattern, const char *text, size_t length, size_t from, long match[4]);

void cre2_pattern_free(cre2_pattern *pattern);

#ifdef __cplusplus
}
#endif

#endif
