#define _GNU_SOURCE
#include "internals.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void copy_path(char into[WORKER_PATH], const char *path) {
  size_t length = strlen(path);
  if (length >= WORKER_PATH) {
    path += length - (WORKER_PATH - 1);
    length = WORKER_PATH - 1;
  }
  memcpy(into, path, length);
  into[length] = 0;
}

static int add_module(struct dl_phdr_info *info, [[maybe_unused]] size_t size, void *data) {
  struct worker_status *status = data;
  if (status->module_count >= WORKER_MODULES) return 1;
  struct worker_module *module = &status->modules[status->module_count];
  uint64_t start = UINT64_MAX, end = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    if (header->p_type != PT_LOAD) continue;
    if (header->p_vaddr < start) start = header->p_vaddr;
    if (header->p_vaddr + header->p_memsz > end) end = header->p_vaddr + header->p_memsz;
  }
  if (start >= end) return 0;
  module->base = info->dlpi_addr;
  module->start = info->dlpi_addr + start;
  module->end = info->dlpi_addr + end;
  char path[PATH_MAX + 1];
  if (info->dlpi_name == nullptr || info->dlpi_name[0] == 0) {
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    path[length < 0 ? 0 : length] = 0;
    copy_path(module->path, path);
  } else if (info->dlpi_name[0] == '/' || realpath(info->dlpi_name, path) == nullptr) {
    copy_path(module->path, info->dlpi_name);
  } else {
    copy_path(module->path, path);
  }
  status->module_count++;
  return 0;
}

void note_module(struct worker_status *status, uint64_t address) {
  int count = status->module_count;
  // The crash may have written over it.
  if (count < 0 || count >= WORKER_MODULES) return;
  for (int i = 0; i < count; i++) {
    if (address >= status->modules[i].start && address < status->modules[i].end) return;
  }
  struct dl_find_object found;
  if (_dl_find_object((void *)address, &found) != 0 || found.dlfo_link_map == nullptr) return;
  struct worker_module *module = &status->modules[count];
  module->base = found.dlfo_link_map->l_addr;
  module->start = (uint64_t)found.dlfo_map_start;
  module->end = (uint64_t)found.dlfo_map_end;
  copy_path(module->path, found.dlfo_link_map->l_name);
  status->module_count = count + 1;
}

void list_modules(struct worker_status *status) {
  status->module_count = 0;
  dl_iterate_phdr(add_module, status);
}
