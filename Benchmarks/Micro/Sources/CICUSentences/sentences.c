#include "sentences.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

int64_t icu_sentences(const char *text, int64_t length, const char *locale) {
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *iterator = ubrk_open(UBRK_SENTENCE, locale, NULL, 0, &status);
  UText *utext = utext_openUTF8(NULL, text, length, &status);
  int64_t count = -1;
  if (U_SUCCESS(status)) {
    ubrk_setUText(iterator, utext, &status);
    count = 0;
    while (ubrk_next(iterator) != UBRK_DONE) count++;
  }
  if (utext) utext_close(utext);
  if (iterator) ubrk_close(iterator);
  return count;
}
