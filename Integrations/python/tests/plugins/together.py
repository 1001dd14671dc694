"""A stage for the tests that takes batches: says how many documents came at once, and rewrites them."""

from __future__ import annotations

from pipeline import Document, Drop, stage


@stage("together", summary="Takes batches.", rewrites=True, reasons={"unwanted": "it says so"}, batch=True)
def together(documents: list[Document]) -> list[Drop | None]:
    verdicts: list[Drop | None] = []
    for document in documents:
        document.extra["together"] = len(documents)
        if "fail" in document.text:
            raise RuntimeError("cannot take this one")
        if "upper" in document.text:
            document.text = document.text.upper()
        if "blocks" in document.text:
            document.set_blocks([("heading", "Blocks"), ("paragraph", "of a text")])
        verdicts.append(Drop("unwanted") if "drop" in document.text else None)
    return verdicts


if __name__ == "__main__":
    together.main()
