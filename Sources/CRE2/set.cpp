#include "CRE2.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

struct cre2_set {
  RE2::Set together;
  // One by one, for texts on which the set's automaton would outgrow its memory.
  std::vector<std::unique_ptr<RE2>> single;

  explicit cre2_set(const RE2::Options &options) : together(options, RE2::UNANCHORED) {}
};

cre2_set *cre2_set_new(const char *const *patterns, size_t count, size_t *bad, char *message, size_t message_size) {
  RE2::Options options;
  options.set_log_errors(false);
  auto set = std::make_unique<cre2_set>(options);
  for (size_t index = 0; index < count; index++) {
    auto single = std::make_unique<RE2>(patterns[index], options);
    std::string error = single->error();
    if (single->ok() && set->together.Add(patterns[index], &error) < 0 && error.empty()) error = "cannot be compiled";
    if (!error.empty()) {
      *bad = index;
      std::snprintf(message, message_size, "%s", error.c_str());
      return nullptr;
    }
    set->single.push_back(std::move(single));
  }
  if (!set->together.Compile()) {
    *bad = 0;
    std::snprintf(message, message_size, "the patterns take too much memory together");
    return nullptr;
  }
  return set.release();
}

long cre2_set_first_match(const cre2_set *set, const char *text, size_t length) {
  std::vector<int> found;
  RE2::Set::ErrorInfo info;
  re2::StringPiece piece(text, length);
  if (set->together.Match(piece, &found, &info)) return *std::min_element(found.begin(), found.end());
  if (info.kind == RE2::Set::kNoError) return -1;
  for (size_t index = 0; index < set->single.size(); index++) {
    if (RE2::PartialMatch(piece, *set->single[index])) return long(index);
  }
  return -1;
}

void cre2_set_free(cre2_set *set) { delete set; }
