// A stage in C that looks at every block and changes nothing.

#include "pipeline_plugin.h"

static int one;

static void *create(const pipeline_plugin *plugin, pipeline_string options, const pipeline_calls *calls, void *context) {
  (void)plugin, (void)options, (void)calls, (void)context;
  return &one;
}

static void process(void *instance, const pipeline_document *document, const pipeline_calls *calls, void *context) {
  (void)instance;
  for (size_t i = 0; i < document->block_count; i++)
    if (document->blocks[i].end > document->text.length) calls->fail(context, "a block outside the text");
}

static const pipeline_plugin PLUGIN = {
    .version = PIPELINE_PLUGIN_VERSION,
    .descriptor = "{\"pipeline\": 1, \"name\": \"identity\", \"summary\": \"Changes nothing.\"}",
    .create = create,
    .process = process,
};

const pipeline_plugin *pipeline_plugin_v1(void) { return &PLUGIN; }
