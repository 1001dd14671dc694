#ifndef CCLD2_H
#define CCLD2_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that must be readable behind the end of every text that is looked at: CLD2 reads one of them.
enum { CCLD2_PADDING = 8 };

typedef struct {
  /// A code such as "de", "iw" or "zh-Hant"; "un" where no language is found. Lives as long as the process.
  const char *code;
  /// Whether the language is plainly more likely than others, and most of the text is in it.
  bool is_reliable;
  /// How many bytes of letters the answer rests on.
  size_t letters;
} ccld2_finding;

/// Finds the language that more of a text is in than in any other. Linear in its length; may be called by several threads at once.
///
/// `text` must be valid UTF-8, of at most INT_MAX bytes, with CCLD2_PADDING readable bytes behind it; control characters are allowed.
/// `tag`, a language tag, and `top_level_domain`, such as "de", are hints; NULL where there is none. A hint also rules out the languages
/// that are easily taken for the one it names.
ccld2_finding ccld2_find(const char *text, size_t length, const char *tag, const char *top_level_domain);

/// Whether two languages, by their codes, are easily taken for each other, such as "es" and "gl"; false for codes that are not known.
bool ccld2_are_close(const char *code, const char *other);

/// The English name of a language, such as "GERMAN", and its code, by an index from 0; false behind the last one. Those that are no
/// languages have codes that begin with "xx" or are "un".
bool ccld2_language(size_t index, const char **name, const char **code);

#ifdef __cplusplus
}
#endif

#endif
