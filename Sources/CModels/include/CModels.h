#ifndef CMODELS_H
#define CMODELS_H

#include <stddef.h>

/// One embedded file; its bytes live as long as the process.
typedef struct {
  /// The file's name without its extension.
  const char *name;
  const unsigned char *bytes;
  size_t size;
} cmodels_resource;

/// The trained model of the article stage.
cmodels_resource cmodels_article_model(void);
/// Labels of encodings and their names for iconv.
cmodels_resource cmodels_charsets(void);
/// The trained model of the entities stage, aligned to a line of the cache.
cmodels_resource cmodels_entity_model(void);
/// Named character references of HTML.
cmodels_resource cmodels_html_entities(void);
/// Names of countries, capitals and organisations.
cmodels_resource cmodels_names(void);
/// The trained model of the sentences stage.
cmodels_resource cmodels_sentence_model(void);

/// Word lists, one a language; `count` receives how many there are.
const cmodels_resource *cmodels_boilerplate(size_t *count);
const cmodels_resource *cmodels_translation_notes(size_t *count);
const cmodels_resource *cmodels_metadata(size_t *count);
const cmodels_resource *cmodels_abbreviations(size_t *count);

#endif
