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

struct cre2_pattern {
  RE2 expression;
  int groups;

  cre2_pattern(const char *pattern, const RE2::Options &options) : expression(pattern, options), groups(0) {}
};

cre2_pattern *cre2_pattern_new(const char *pattern, char *message, size_t message_size) {
  RE2::Options options;
  options.set_log_errors(false);
  auto made = std::make_unique<cre2_pattern>(pattern, options);
  if (!made->expression.ok()) {
    std::snprintf(message, message_size, "%s", made->expression.error().c_str());
    return nullptr;
  }
  made->groups = made->expression.NumberOfCapturingGroups();
  return made.release();
}

int cre2_pattern_find(const cre2_pattern *pattern, const char *text, size_t length, size_t from, long match[4]) {
  re2::StringPiece piece(text, length);
  re2::StringPiece parts[2];
  int wanted = pattern->groups > 0 ? 2 : 1;
  if (!pattern->expression.Match(piece, from, length, RE2::UNANCHORED, parts, wanted)) return 0;
  for (int part = 0; part < 2; part++) {
    bool is_there = part < wanted && parts[part].data() != nullptr;
    match[2 * part] = is_there ? long(parts[part].data() - text) : -1;
    match[2 * part + 1] = is_there ? match[2 * part] + long(parts[part].size()) : -1;
  }
  return 1;
}

void cre2_pattern_free(cre2_pattern *pattern) { delete pattern; }
