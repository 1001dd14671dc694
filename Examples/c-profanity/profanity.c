#define _GNU_SOURCE
// A stage in C: marks blocks with rude words, counts them, and drops documents with more than "most" of them.

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pipeline_plugin.h"

static const char *const WORDS[] = {"bollocks", "bugger", "crap", "darn", "sod"};

typedef struct {
  long most;
} stage;

static bool is_letter(char byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }

/// How many of the words stand in a stretch of ASCII letters or anything else.
static long count(const char *text, size_t length) {
  long found = 0;
  for (size_t i = 0; i < length; i++) {
    if (!is_letter(text[i])) continue;
    size_t start = i;
    while (i < length && is_letter(text[i])) i++;
    for (size_t w = 0; w < sizeof WORDS / sizeof *WORDS; w++)
      if (strlen(WORDS[w]) == i - start && strncasecmp(WORDS[w], text + start, i - start) == 0) found++;
  }
  return found;
}

static void *create(const pipeline_plugin *plugin, pipeline_string options, const pipeline_calls *calls, void *context) {
  (void)plugin, (void)calls, (void)context;
  // Options are compact JSON, and were checked: there is a whole number behind the key.
  static const char KEY[] = "\"most\":";
  const char *value = memmem(options.bytes, options.length, KEY, sizeof KEY - 1);
  stage *self = malloc(sizeof *self);
  if (!self) return NULL;
  self->most = value ? atol(value + sizeof KEY - 1) : 0;
  return self;
}

static void process(void *instance, const pipeline_document *document, const pipeline_calls *calls, void *context) {
  const stage *self = instance;
  long all = 0;
  for (size_t i = 0; i < document->block_count; i++) {
    const pipeline_block *block = &document->blocks[i];
    if (!block->is_kept) continue;
    long found = count(document->text.bytes + block->start, block->end - block->start);
    if (found > 0) calls->mark_block(context, i, "rude", "words");
    all += found;
  }
  char number[24];
  snprintf(number, sizeof number, "%ld", all);
  calls->set_extra(context, "profanity", number);
  if (all > self->most) calls->drop_document(context, "rude");
}

static const pipeline_plugin PLUGIN = {
    .version = PIPELINE_PLUGIN_VERSION,
    .descriptor = "{\"pipeline\": 1, \"name\": \"profanity\", \"summary\": \"Counts rude words, and drops what has too many.\","
                  "\"options\": {\"type\": \"object\", \"properties\": {\"most\": {\"type\": \"integer\", \"minimum\": 0, \"default\": 3,"
                  "\"description\": \"Documents with more rude words are dropped.\"}}},"
                  "\"reasons\": {\"rude\": \"there are rude words in it\"}}",
    .create = create,
    .process = process,
    .destroy = free,
};

const pipeline_plugin *pipeline_plugin_v1(void) { return &PLUGIN; }
