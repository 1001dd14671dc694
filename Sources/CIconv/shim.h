#include <errno.h>
#include <iconv.h>
