// A plugin that keeps to the protocol until it meets a document with the word BOOM, and then does what its first argument says. Faults
// whose names begin with "greet-" and "start-" happen before any document. Further arguments mark the process for those who look for it.

#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *fault;
static const char *folder;

static bool is(const char *name) { return strcmp(fault, name) == 0; }

static void say(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}

static void greet(void) {
  if (is("greet-exit")) exit(7);
  if (is("greet-nonsense")) say("Hello! I am a plugin.\n");
  if (is("greet-version")) say("{\"pipeline\": 2, \"name\": \"hostile\"}\n");
  if (is("greet-name")) say("{\"pipeline\": 1, \"name\": \"Not A Name\"}\n");
  if (is("greet-key")) say("{\"pipeline\": 1, \"name\": \"hostile\", \"need\": []}\n");
  if (is("greet-silence")) pause();
  if (is("greet-flood"))
    for (;;) say("                                                                ");
  say("{\"pipeline\": 1, \"name\": \"hostile\", \"summary\": \"Misbehaves.\", \"provides\": [\"sentences\", \"entities\"], "
      "\"reasons\": {\"bad\": \"it is bad\"}, \"options\": {\"type\": \"object\", \"properties\": {"
      "\"level\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 9, \"default\": 2, \"description\": \"How bad.\"}, "
      "\"tone\": {\"enum\": [\"rude\", \"polite\"], \"default\": \"rude\", \"description\": \"How it sounds.\"}, "
      "\"model\": {\"type\": \"string\", \"description\": \"Which one.\"}}}}\n");
}

static void start(char *line) {
  if (is("start-exit")) exit(8);
  if (is("start-silence")) pause();
  if (is("start-once")) {
    // The folder of the test is the last argument: only the first process to make a mark in it comes to work.
    char path[4096];
    snprintf(path, sizeof path, "%s/mark", folder);
    if (mkdir(path, 0700) != 0) pause();
  }
  if (is("start-nonsense")) say("ready\n");
  if (is("start-option") || strstr(line, "\"xl\"")) {
    say("{\"error\": \"there is no model \\\"xl\\\"\", \"option\": \"model\"}\n");
    exit(0);
  }
  say("{\"ready\": true}\n");
}

static void misbehave(long number) {
  const char *form = NULL;
  if (is("exit")) exit(3);
  if (is("exit-quietly")) exit(0);
  if (is("crash")) abort();
  if (is("kill")) raise(SIGKILL);
  if (is("hang")) pause();
  if (is("hang-without-errors")) {
    fclose(stderr);
    pause();
  }
  if (is("hang-with-messages"))
    for (;;) fputs("one of very many lines\n", stderr);
  if (is("slow")) sleep(3);
  if (is("crossed-ends"))
    form = "{\"document\": %ld, \"removed\": [{\"start\": 20, \"end\": 35, \"reason\": \"bad\"}, {\"start\": 0, \"end\": 33, \"reason\": \"bad\"}]}\n";
  if (is("two-halves"))
    form = "{\"document\": %ld, \"removed\": [{\"start\": 0, \"end\": 9, \"reason\": \"bad\"}, {\"start\": 9, \"end\": 35, \"reason\": \"bad\"}]}\n";
  if (is("spin"))
    for (;;) __asm__ volatile("");
  if (is("children")) {
    // The child keeps the output open.
    if (fork() == 0) {
      for (;;) pause();
    }
    exit(3);
  }
  if (is("close-output")) {
    fclose(stdout);
    pause();
  }
  if (is("nonsense")) form = "what?\n";
  if (is("no-number")) form = "{\"verdict\": \"pass\"}\n";
  if (is("cut-short")) form = "{\"document\": %ld, \"extra\": {\"a\": \n";
  if (is("bad-utf8")) form = "{\"document\": %ld, \"extra\": {\"a\": \"\xC3\x28\"}}\n";
  if (is("far-offset")) form = "{\"document\": %ld, \"entities\": [{\"start\": 0, \"end\": 999999, \"label\": \"X\"}]}\n";
  if (is("negative-offset")) form = "{\"document\": %ld, \"entities\": [{\"start\": -1, \"end\": 2, \"label\": \"X\"}]}\n";
  if (is("backward-offset")) form = "{\"document\": %ld, \"entities\": [{\"start\": 5, \"end\": 2, \"label\": \"X\"}]}\n";
  if (is("huge-offset")) form = "{\"document\": %ld, \"sentences\": [{\"start\": 0, \"end\": 99999999999999999999}]}\n";
  if (is("overlap")) form = "{\"document\": %ld, \"sentences\": [{\"start\": 0, \"end\": 9}, {\"start\": 5, \"end\": 12}]}\n";
  if (is("cut-middle")) form = "{\"document\": %ld, \"removed\": [{\"start\": 2, \"end\": 4, \"reason\": \"bad\", \"rule\": \"r\"}]}\n";
  if (is("reason")) form = "{\"document\": %ld, \"drop\": \"whim\"}\n";
  if (is("part")) form = "{\"document\": %ld, \"title\": \"New\"}\n";
  if (is("text")) form = "{\"document\": %ld, \"text\": \"New\"}\n";
  if (is("type")) form = "{\"document\": %ld, \"entities\": {\"start\": 1}}\n";
  if (is("key")) form = "{\"document\": %ld, \"entites\": []}\n";
  if (is("behind-brace")) form = "{\"document\":%ld}}}\n";
  if (is("array")) form = "[1, 2]\n";
  if (is("error")) form = "{\"document\": %ld, \"error\": \"I do not like it\"}\n";
  if (form) {
    printf(form, number);
    fflush(stdout);
    return;
  }
  if (is("ahead")) number += 1000;
  if (is("behind")) number = number > 1 ? number - 1 : 0;
  if (is("flood")) {
    static char bytes[1 << 16];
    memset(bytes, 'x', sizeof bytes);
    for (int i = 0; i < 1 << 14; i++) fwrite(bytes, 1, sizeof bytes, stdout);
  }
  if (is("deep"))
    for (int i = 0; i < 100000; i++) putchar('[');
  if (is("stderr"))
    for (int i = 0; i < 200000; i++) fprintf(stderr, "line %d of very many that nobody will read\n", i);
  printf("{\"document\": %ld}\n", number);
  if (is("twice")) printf("{\"document\": %ld}\n", number);
  if (is("chatter")) printf("done\n");
  fflush(stdout);
}

int main(int count, char **arguments) {
  fault = count > 1 ? arguments[1] : "none";
  folder = arguments[count - 1];
  char *line = NULL;
  size_t size = 0;
  greet();
  if (getline(&line, &size, stdin) < 0) return 0;
  start(line);
  if (is("deaf")) pause();
  while (getline(&line, &size, stdin) > 0) {
    const char *number = strstr(line, "\"document\":");
    long document = number ? atol(number + 11) : 0;
    if (strstr(line, "BOOM") || is("always")) {
      if (is("always")) exit(4);
      misbehave(document);
    } else {
      printf("{\"document\": %ld, \"extra\": {\"seen\": true}}\n", document);
      fflush(stdout);
    }
  }
  if (is("stay")) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (;;) pause();
  }
  return is("bad-end") ? 5 : 0;
}
