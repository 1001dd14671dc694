// A plugin that keeps to the header until it meets a document with the word BOOM, and then does what its option "fault" says. HOSTILE_TABLE
// in the environment spoils the table itself.

#define _GNU_SOURCE
#include "pipeline_plugin.h"

#include <stdlib.h>
#include <string.h>
#include <stdatomic.h>

typedef struct {
  char fault[32];
  // Two threads in one instance are noticed.
  atomic_int users;
} instance;

static void *create(const pipeline_plugin *plugin, pipeline_string options, const pipeline_calls *calls, void *context) {
  (void)plugin;
  static const char KEY[] = "\"fault\":\"";
  instance *self = calloc(1, sizeof *self);
  const char *value = memmem(options.bytes, options.length, KEY, sizeof KEY - 1);
  if (value) {
    value += sizeof KEY - 1;
    const char *end = memchr(value, '"', (size_t)(options.bytes + options.length - value));
    memcpy(self->fault, value, (size_t)(end - value) < sizeof self->fault ? (size_t)(end - value) : 0);
  }
  if (strcmp(self->fault, "refuse") == 0) return calls->refuse_option(context, "fault", "this fault is too bad"), NULL;
  if (strcmp(self->fault, "mute") == 0) return NULL;
  if (strcmp(self->fault, "early") == 0) calls->set_text(context, "x", 1);
  return self;
}

static void destroy(void *pointer) { free(pointer); }

static void misbehave(const char *fault, const pipeline_document *document, const pipeline_calls *calls, void *context) {
#define IS(name) (strcmp(fault, name) == 0)
  if (IS("crash")) abort();
  if (IS("spin"))
    for (;;) __asm__ volatile("");
  if (IS("memory"))
    for (;;) memset(malloc(1 << 20), 1, 1 << 20);
  if (IS("exit")) exit(3);
  if (IS("fail")) calls->fail(context, "I do not like it");
  if (IS("drop")) calls->drop_document(context, "bad");
  if (IS("whim")) calls->drop_document(context, "whim");
  if (IS("block")) calls->drop_block(context, document->block_count, "bad", "r");
  if (IS("trim")) calls->trim_block(context, 0, 0, document->text.length + 1, "bad", "r");
  if (IS("empty-trim")) calls->trim_block(context, 0, 5, 5, "bad", "r");
  if (IS("far")) calls->add_entity(context, 0, document->text.length + 1, "X", NULL, -1);
  if (IS("huge")) calls->add_entity(context, SIZE_MAX - 1, SIZE_MAX, "X", NULL, -1);
  if (IS("within")) calls->add_entity(context, 0, 1, "X", NULL, -1);
  if (IS("score")) calls->add_entity(context, 0, 2, "X", NULL, 0.0 / 0.0);
  if (IS("null")) calls->add_entity(context, 0, 2, NULL, NULL, -1);
  if (IS("overlap")) {
    calls->add_sentence(context, 0, 10);
    calls->add_sentence(context, 5, 12);
  }
  if (IS("extra")) calls->set_extra(context, "a", "1, \"b\": 2");
  if (IS("metadata")) calls->set_metadata(context, "titel", "x");
  if (IS("part")) calls->set_metadata(context, "title", "x");
  if (IS("long-text")) calls->set_text(context, "x", SIZE_MAX);
  if (IS("text")) calls->set_text(context, "x", 1);
}

static void process(void *pointer, const pipeline_document *document, const pipeline_calls *calls, void *context) {
  instance *self = pointer;
  if (atomic_fetch_add(&self->users, 1) != 0) abort();
  if (memmem(document->text.bytes, document->text.length, "BOOM", 4)) misbehave(self->fault, document, calls, context);
  else calls->set_extra(context, "length", document->text.length > 20 ? "\"long\"" : "\"short\"");
  atomic_fetch_sub(&self->users, 1);
}

static const char DESCRIPTOR[] = "{\"pipeline\": 1, \"name\": \"hostile\", \"summary\": \"Misbehaves.\", \"provides\": [\"sentences\", \"entities\"],"
                                 "\"options\": {\"type\": \"object\", \"properties\": {\"fault\": {\"type\": \"string\", \"description\": \"What it does.\"}}},"
                                 "\"reasons\": {\"bad\": \"it is bad\"}}";

const pipeline_plugin *pipeline_plugin_v1(void) {
  static pipeline_plugin table = {
      .version = PIPELINE_PLUGIN_VERSION, .descriptor = DESCRIPTOR, .create = create, .process = process, .destroy = destroy};
  const char *spoilt = getenv("HOSTILE_TABLE");
  if (!spoilt) return &table;
  if (strcmp(spoilt, "none") == 0) return NULL;
  if (strcmp(spoilt, "version") == 0) table.version = 2;
  if (strcmp(spoilt, "create") == 0) table.create = NULL;
  if (strcmp(spoilt, "descriptor") == 0) table.descriptor = "{\"pipeline\": 1}";
  if (strcmp(spoilt, "name") == 0) table.descriptor = "{\"pipeline\": 1, \"name\": \"sentences\"}";
  return &table;
}
