#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that must be readable behind the end of every buffer that is parsed.
enum { CSIMDJSON_PADDING = 64 };

/// Deepest nesting that is read; deeper texts are an error.
enum { CSIMDJSON_MAX_DEPTH = 200 };

enum csimdjson_kind {
  CSIMDJSON_OBJECT_START = 0,
  CSIMDJSON_OBJECT_END = 1,
  CSIMDJSON_ARRAY_START = 2,
  CSIMDJSON_ARRAY_END = 3,
  CSIMDJSON_KEY = 4,
  CSIMDJSON_STRING = 5,
  CSIMDJSON_NUMBER = 6,
  CSIMDJSON_TRUE = 7,
  CSIMDJSON_FALSE = 8,
  CSIMDJSON_NULL = 9,
};

/// One token of a JSON text. For keys and strings the range lies between the quotes, still escaped.
typedef struct {
  uint32_t kind;
  size_t start;
  size_t end;
} csimdjson_token;

typedef struct {
  /// A static message, or NULL when the whole text was read.
  const char *error;
  /// Where the error is, in bytes from the start; SIZE_MAX where the parser cannot tell.
  size_t error_offset;
  /// Whether the error is that the text is not valid UTF-8.
  int invalid_utf8;
  /// Valid until the next call with the same parser.
  const csimdjson_token *tokens;
  size_t count;
} csimdjson_result;

typedef struct csimdjson_parser csimdjson_parser;

/// A parser serves one thread at a time. Never NULL: out of memory ends the process.
csimdjson_parser *csimdjson_create(void);
void csimdjson_destroy(csimdjson_parser *parser);

/// Reads one JSON text to its end: `length` bytes, with CSIMDJSON_PADDING readable bytes behind them.
csimdjson_result csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
#endif
