#include "CCrashes.h"

#include <stdexcept>

static int *volatile nowhere;
static volatile int sink;

namespace crashes {
template <typename Letter> struct Page {
  __attribute__((noinline)) Letter parse(int size) const {
    *nowhere = size;
    sink = size;
    return 0;
  }
  __attribute__((noinline)) void fail() const {
    sink = 1;
    throw std::runtime_error("failed");
  }
};
}

void crash_in_page(void) {
  crashes::Page<char> page;
  page.parse(3);
  sink = 2;
}

static void fail() {
  crashes::Page<char> page;
  page.fail();
  sink = 2;
}

void crash_exception(void) { fail(); sink = 3; }
