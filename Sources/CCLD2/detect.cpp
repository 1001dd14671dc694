#include "CCLD2.h"

// compact_lang_det.h names FILE without declaring it.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

ccld2_finding ccld2_find(const char *text, size_t length, const char *tag, const char *top_level_domain) {
  CLD2::CLDHints hints = {tag, top_level_domain, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int letters = 0;
  bool is_reliable = false;
  // The variant that checks the text gives up at the first control character.
  CLD2::Language language = CLD2::ExtDetectLanguageSummary(
      text, int(length), true, &hints, 0, languages, percents, scores, nullptr, &letters, &is_reliable);
  // CLD2 takes English beside another language for what stands around the text of a page, and names the other, even of a third of the
  // text. Here what stood around it is gone: the language of most of it counts.
  if (language != languages[0]) is_reliable = is_reliable && percents[0] > 50;
  return {CLD2::LanguageCode(languages[0]), is_reliable, size_t(letters)};
}

bool ccld2_are_close(const char *code, const char *other) {
  int set = CLD2::LanguageCloseSet(CLD2::GetLanguageFromName(code));
  return set != 0 && set == CLD2::LanguageCloseSet(CLD2::GetLanguageFromName(other));
}

bool ccld2_language(size_t index, const char **name, const char **code) {
  if (index >= size_t(CLD2::NUM_LANGUAGES)) return false;
  *name = CLD2::LanguageName(CLD2::Language(index));
  *code = CLD2::LanguageCode(CLD2::Language(index));
  return true;
}
