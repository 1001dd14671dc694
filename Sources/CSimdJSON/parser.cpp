#include "CSimdJSON.h"

#include <cstring>
#include <memory>
#include <vector>

#include <simdjson.h>

namespace json = simdjson::ondemand;

struct csimdjson_parser {
  std::unique_ptr<json::parser> parser = std::make_unique<json::parser>();
  std::vector<csimdjson_token> tokens;
};

namespace {

// A page of 100 MB must not leave its index behind for the rest of the run.
constexpr size_t kept_capacity = 8u << 20;

struct walk {
  const char *base;
  size_t length;
  std::vector<csimdjson_token> &tokens;
  simdjson::error_code error = simdjson::SUCCESS;
  const char *message = nullptr;
  size_t error_offset = SIZE_MAX;

  size_t offset(const char *p) const { return size_t(p - base); }
  void add(uint32_t kind, size_t start, size_t end) { tokens.push_back({kind, start, end}); }

  bool fail(const char *text, size_t where) {
    if (!message) {
      message = text;
      error_offset = where;
    }
    return false;
  }

  bool fail(simdjson::error_code code, size_t where) {
    error = code;
    return fail(simdjson::error_message(code), where);
  }

  // The grammar of RFC 8259, because On-Demand checks a number only when it is converted.
  bool number(std::string_view token, size_t start) {
    size_t i = 0;
    auto digits = [&] {
      size_t first = i;
      while (i < token.size() && token[i] >= '0' && token[i] <= '9') i++;
      return i - first;
    };
    if (i < token.size() && token[i] == '-') i++;
    size_t first = i;
    size_t whole = digits();
    if (whole == 0 || (whole > 1 && token[first] == '0')) return fail("not a JSON value", start);
    if (i < token.size() && token[i] == '.') {
      i++;
      if (digits() == 0) return fail("a number needs digits after its point", start);
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
      i++;
      if (i < token.size() && (token[i] == '+' || token[i] == '-')) i++;
      if (digits() == 0) return fail("a number needs digits in its exponent", start);
    }
    if (i != token.size()) return fail("not a JSON value", start);
    add(CSIMDJSON_NUMBER, start, start + token.size());
    return true;
  }

  bool scalar(std::string_view token) {
    while (!token.empty() && strchr(" \t\r\n", token.back())) token.remove_suffix(1);
    size_t start = offset(token.data());
    if (token.empty()) return fail("a value is missing", start);
    if (token.front() == '"') {
      if (token.size() < 2 || token.back() != '"') return fail("a string is not closed", start);
      add(CSIMDJSON_STRING, start + 1, start + token.size() - 1);
      return true;
    }
    if (token == "true") return add(CSIMDJSON_TRUE, start, start + 4), true;
    if (token == "false") return add(CSIMDJSON_FALSE, start, start + 5), true;
    if (token == "null") return add(CSIMDJSON_NULL, start, start + 4), true;
    return number(token, start);
  }

  bool key(const char *raw) {
    size_t start = offset(raw), end = start;
    while (end < length && base[end] != '"') end += base[end] == '\\' ? 2 : 1;
    if (end >= length) return fail("a key is not closed", start);
    add(CSIMDJSON_KEY, start, end);
    return true;
  }

  template <class Value> bool value(Value &&v, int depth) {
    if (depth > CSIMDJSON_MAX_DEPTH) return fail("nested too deeply", SIZE_MAX);
    json::json_type type;
    if (auto code = v.type().get(type)) {
      const char *at = nullptr;
      size_t where = SIZE_MAX;
      if (v.current_location().get(at) == simdjson::SUCCESS) where = offset(at);
      return fail(code, where);
    }
    std::string_view token = v.raw_json_token();
    size_t start = offset(token.data());
    if (type == json::json_type::object) {
      json::object object;
      if (auto code = v.get_object().get(object)) return fail(code, start);
      add(CSIMDJSON_OBJECT_START, start, start + 1);
      for (auto field : object) {
        json::raw_json_string name;
        if (auto code = field.key().get(name)) return fail(code, last());
        if (!key(name.raw())) return false;
        json::value inner;
        if (auto code = field.value().get(inner)) return fail(code, last());
        if (!value(inner, depth + 1)) return false;
      }
      add(CSIMDJSON_OBJECT_END, start, start + 1);
      return true;
    }
    if (type == json::json_type::array) {
      json::array array;
      if (auto code = v.get_array().get(array)) return fail(code, start);
      add(CSIMDJSON_ARRAY_START, start, start + 1);
      for (auto element : array) {
        json::value inner;
        if (auto code = element.get(inner)) return fail(code, last());
        if (!value(inner, depth + 1)) return false;
      }
      add(CSIMDJSON_ARRAY_END, start, start + 1);
      return true;
    }
    // Not converted: the iterator steps over what was not asked for.
    return scalar(token);
  }

  size_t last() const { return tokens.empty() ? 0 : tokens.back().end; }
};

}  // namespace

csimdjson_parser *csimdjson_create(void) { return new csimdjson_parser(); }

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

csimdjson_result csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length) {
  parser->tokens.clear();
  if (parser->parser->capacity() > kept_capacity) {
    parser->parser = std::make_unique<json::parser>();
    parser->tokens.shrink_to_fit();
  }
  auto *text = reinterpret_cast<const char *>(bytes);
  walk walk{text, length, parser->tokens};
  json::document document;
  auto code = parser->parser->iterate(text, length, length + CSIMDJSON_PADDING).get(document);
  if (code) {
    walk.fail(code, SIZE_MAX);
  } else if (bool scalar = true; document.is_scalar().get(scalar) || scalar) {
    walk.fail("neither an object nor an array", 0);
  } else if (const char *at = nullptr; walk.value(document, 0) && !document.current_location().get(at)) {
    // At the end there is no location.
    walk.fail("something follows the value", walk.offset(at));
  }
  return {walk.message, walk.error_offset, walk.error == simdjson::UTF8_ERROR, parser->tokens.data(),
          parser->tokens.size()};
}
