# A stage in jq: adds how many minutes it takes to read a text. Run by: jq --null-input --compact-output --unbuffered --from-file reading-time.jq
{pipeline: 1, name: "reading-time", summary: "Adds the minutes it takes to read a text.",
  options: {type: "object", properties: {
    wordsPerMinute: {type: "integer", minimum: 1, default: 230, description: "How fast people read."}}}},
foreach inputs as $in ({};
  if $in.start then {options: $in.options, answer: {ready: true}}
  else .answer = {document: $in.document,
    extra: {readingMinutes: ([($in.text | split(" ") | length) / .options.wordsPerMinute, 1] | max | round)}} end;
  .answer)
