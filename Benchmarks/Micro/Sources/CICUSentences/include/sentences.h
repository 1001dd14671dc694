#ifndef CICU_SENTENCES_H
#define CICU_SENTENCES_H

#include <stdint.h>

/// How many sentences ICU's break iterator finds in UTF-8 text; -1 when it cannot be made. `locale` such as "en", or "en@ss=standard" with suppressions.
int64_t icu_sentences(const char *text, int64_t length, const char *locale);

#endif
