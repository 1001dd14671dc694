// The C ABI of plugins: a shared library that `pipe` loads as a stage.
//
// A library exports one function, `pipeline_plugin_v1`, and is named in a configuration:
//
//     {"plugins": ["build/libmood.so"], "stages": [{"use": "mood", "least": 0.2}]}
//
// Strings that cross this line are UTF-8. Those that `pipe` gives have a length and no NUL at their end; those that a plugin gives end
// with NUL, but where a length stands beside them, and so
// have none within.
//
// Memory: everything that `pipe` passes to a function belongs to `pipe`, is not to be written to, and is valid until that function returns. Everything that a
// plugin passes to a call is copied before the call returns. Nobody frees what the other has allocated.
//
// Threads: `pipeline_plugin_v1` is called once in a process. `create` and `destroy` may be called from any thread. `process` is called from any thread, but never from two
// at once with the same instance; a process has as many instances as workers at most. The calls may be used only within the `create`
// or `process` that they were passed to, on the same thread.
//
// Faults: an instance that crashes, hangs or takes too much memory costs the document in hand, as in any stage, when documents are worked on in processes of their own
// ("isolation": "process", the default). C++ exceptions must not leave a plugin's functions.

#ifndef PIPELINE_PLUGIN_H
#define PIPELINE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The version of this header. A plugin of another version is not loaded.
#define PIPELINE_PLUGIN_VERSION 1

/// A string of `pipe`; `bytes` is NULL where there is none.
typedef struct {
  const char *bytes;
  size_t length;
} pipeline_string;

typedef enum {
  PIPELINE_PARAGRAPH,
  PIPELINE_HEADING,
  PIPELINE_LIST_ITEM,
  PIPELINE_QUOTATION,
  PIPELINE_CAPTION,
  PIPELINE_TABLE_ROW,
  PIPELINE_PREFORMATTED,
} pipeline_block_kind;

/// A stretch of the text, in bytes from its start. Blocks are in order and do not overlap.
typedef struct {
  size_t start;
  size_t end;
  int32_t kind;
  /// 0 for a block that an earlier stage has dropped: its text is not part of the document any more.
  int32_t is_kept;
} pipeline_block;

typedef struct {
  size_t start;
  size_t end;
} pipeline_range;

typedef struct {
  size_t start;
  size_t end;
  pipeline_string label;
  pipeline_string id;
  /// From 0 to 1; negative where there is none.
  double score;
} pipeline_entity;

/// A document. `text` holds all blocks, also those that are dropped, with separators between them.
typedef struct {
  pipeline_string id;
  pipeline_string url;
  pipeline_string title;
  pipeline_string language;
  pipeline_string text;
  const pipeline_block *blocks;
  size_t block_count;
  /// NULL unless the descriptor needs or provides "sentences".
  const pipeline_range *sentences;
  size_t sentence_count;
  /// NULL unless the descriptor needs or provides "entities".
  const pipeline_entity *entities;
  size_t entity_count;
  /// The bytes of the page, unless the descriptor does not need "content".
  pipeline_string content;
  /// The encoding of `content`, where it is known.
  pipeline_string charset;
} pipeline_document;

/// What a plugin can do with a document. `context` is that of the function in hand.
///
/// A call that makes no sense, such as a range outside the text or a reason that the descriptor does not list, is noted, and the document is
/// rejected with what was wrong; the plugin need not check.
typedef struct {
  /// Says why an instance cannot be created, or why the document is rejected.
  void (*fail)(void *context, const char *message);
  /// In `create`: says what is wrong with an option. It is reported at the option's place in the configuration.
  void (*refuse_option)(void *context, const char *option, const char *message);
  /// Lets the document leave the run, for a reason of the descriptor.
  void (*drop_document)(void *context, const char *reason);
  /// Removes a block. `rule` says what decided, precisely enough to be found again.
  void (*drop_block)(void *context, size_t block, const char *reason, const char *rule);
  /// Cuts a block down to `start`..`end`, which lie in its present range and are not empty.
  void (*trim_block)(void *context, size_t block, size_t start, size_t end, const char *reason, const char *rule);
  /// Lists a block among the removed ones, and keeps it.
  void (*mark_block)(void *context, size_t block, const char *reason, const char *rule);
  // What follows is for parts that the descriptor provides; extra values are always allowed.

  /// Adds a sentence behind those added before; the first one replaces all that the document had.
  void (*add_sentence)(void *context, size_t start, size_t end);
  /// Adds an entity; the first one replaces all that the document had, so an entity that is to stay is added again. `id` may be NULL; `score` is from 0
  /// to 1, or negative for none.
  void (*add_entity)(void *context, size_t start, size_t end, const char *label, const char *id, double score);
  /// Sets title, language, published, modified, section, siteName, description, image, canonical or url; NULL takes it away.
  void (*set_metadata)(void *context, const char *name, const char *value);
  /// Sets a value under "extra" of the output, as JSON; NULL takes it away.
  void (*set_extra)(void *context, const char *name, const char *json);
  /// Replaces the text, by a plugin that "rewrites" or provides "text". Ranges of later calls are those of the new text.
  void (*set_text)(void *context, const char *bytes, size_t length);
} pipeline_calls;

/// A plugin's own table. It lives as long as the process.
typedef struct pipeline_plugin {
  /// PIPELINE_PLUGIN_VERSION.
  uint32_t version;
  /// What the plugin is: the same JSON object as the greeting of a program (docs/plugins.md), ended with NUL.
  const char *descriptor;
  /// For the plugin's own use; nobody else looks at it.
  void *own;
  /// Makes an instance from the options, a JSON object: those given, and the defaults of the others. NULL, after `fail` or `refuse_option`, when it cannot.
  void *(*create)(const struct pipeline_plugin *plugin, pipeline_string options, const pipeline_calls *calls, void *context);
  /// Works on a document, which goes on unless `drop_document` or `fail` is called.
  void (*process)(void *instance, const pipeline_document *document, const pipeline_calls *calls, void *context);
  /// Takes an instance down; not when the process ends. NULL for nothing to do.
  void (*destroy)(void *instance);
} pipeline_plugin;

#if defined(__GNUC__)
#define PIPELINE_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define PIPELINE_PLUGIN_EXPORT
#endif

/// What a library exports.
PIPELINE_PLUGIN_EXPORT const pipeline_plugin *pipeline_plugin_v1(void);

#ifdef __cplusplus
}
#endif
#endif
