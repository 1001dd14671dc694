import Pipeline

/// Which brackets and quotation marks are open.
struct QuotationState {
  /// What is open for longer was never meant to be closed, in bytes.
  private static let longest = 1500

  private var brackets = 0
  private var bracketOpened = 0
  private var quote: UInt32 = 0
  private var quoteOpened = 0
  /// Where what closed last had opened.
  private(set) var closedFrom = -1
  /// Up to where a closing single quotation mark was looked for, and where one is, or -1.
  private var searched = 0
  private var found = -1
  /// Whether the quotation is in single marks and began inside a sentence and in lower case, as a part of its grammar.
  private(set) var isWoven = false

  func isInBrackets(at index: Int) -> Bool { brackets > 0 && index - bracketOpened < Self.longest }

  func isOpen(at index: Int) -> Bool { isInBrackets(at: index) || isInQuotation(at: index) }

  func isInQuotation(at index: Int) -> Bool { quote != 0 && index - quoteOpened < Self.longest }

  mutating func see(_ value: UInt32, at index: Int, width: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    switch value {
    case 0x28, 0x5B, 0xFF08, 0x3010, 0x300A:
      if !isInBrackets(at: index) {
        brackets = 0
        bracketOpened = index
      }
      brackets += 1
    case 0x29, 0x5D, 0xFF09, 0x3011, 0x300B:
      brackets = max(0, brackets - 1)
      closedFrom = bracketOpened
    case 0x27, 0x2019, 0x2018, 0x60: single(value, index, width, bytes)
    case 0x22, 0x201C, 0x201D, 0x201E, 0x201F, 0xAB, 0xBB, 0x300C, 0x300D, 0x300E, 0x300F: double(value, index, width, bytes)
    default: break
    }
  }

  private mutating func double(_ value: UInt32, _ index: Int, _ width: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    let isOpen = isInQuotation(at: index) && quote != 0x27
    let opens: Bool
    switch value {
    case 0x201E, 0x201F, 0x300C, 0x300E: opens = true
    case 0x300D, 0x300F: opens = false
    default:
      let spaceBefore = Self.isOpenBefore(index, bytes)
      let spaceAfter = Self.isOpenAfter(index + width, bytes)
      if spaceBefore != spaceAfter {
        opens = spaceBefore && !(isOpen && quote == 0x201E && value == 0x201C)
      } else {
        opens = value == 0xAB || value == 0x201C && quote != 0x201E || value == 0x22 && !isOpen
      }
    }
    if opens {
      open(value, index, width, bytes)
    } else {
      quote = 0
      closedFrom = quoteOpened
    }
  }

  /// Single quotation marks are apostrophes too: only what can be no apostrophe opens or closes, and only where no other quotation is open.
  private mutating func single(_ value: UInt32, _ index: Int, _ width: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    if isInQuotation(at: index), quote != 0x27 { return }
    let isWordAfter = Self.isWord(index + width, bytes)
    if isInQuotation(at: index) {
      if !isWordAfter, value != 0x2018, value != 0x60 { quote = 0 }
    } else if Self.isOpenBefore(index, bytes), value != 0x2019, Self.isLongWord(index + width, bytes), closes(behind: index + width, bytes)
    {
      open(0x27, index, width, bytes)
    }
  }

  /// A word of one or two letters behind the mark was cut short: 't, 's, 'n, 're.
  private static func isLongWord(_ start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = start
    for _ in 0..<3 {
      guard isWord(index, bytes) else { return false }
      index += UTF8Text.scalar(at: index, in: bytes).1
    }
    return true
  }

  /// Whether a single quotation mark that is no apostrophe comes within reach. What was found is kept, so that a text
  /// of apostrophes is not read again for each.
  private mutating func closes(behind start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if start < searched { return found >= start }
    let end = min(bytes.count, start + Self.longest)
    var index = start
    found = -1
    while index < end {
      let byte = bytes[index]
      let isQuote = byte == 0x27 || byte == 0x99 && index > 1 && bytes[index - 1] == 0x80 && bytes[index - 2] == 0xE2
      if isQuote, !Self.isWord(index + 1, bytes), index > start + 2 {
        found = index
        break
      }
      index += 1
    }
    searched = index
    return found >= 0
  }

  private mutating func open(_ value: UInt32, _ index: Int, _ width: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    quote = value
    quoteOpened = index
    let (first, _) = UTF8Text.scalar(at: index + width, in: bytes)
    isWoven = value == 0x27 && SentenceCharacters.shared.traits(first).contains(.lower)
  }

  /// A quotation that begins a sentence is not woven into one.
  mutating func beginSentence(at index: Int) {
    if quote == 0 || quoteOpened >= index { isWoven = false }
  }

  private static func isWord(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    !SentenceCharacters.shared.traits(UTF8Text.scalar(at: index, in: bytes).0).isDisjoint(with: .word)
  }

  /// Whether what stands before could stand before an opening mark.
  private static func isOpenBefore(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let (value, width) = UTF8Text.scalar(before: index, in: bytes)
    let traits = SentenceCharacters.shared.traits(value)
    return width == 0 || !traits.isDisjoint(with: [.space, .dash]) || traits.contains(.opener) && !traits.contains(.closer)
  }

  private static func isOpenAfter(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let (value, width) = UTF8Text.scalar(at: index, in: bytes)
    return width == 0 || SentenceCharacters.shared.traits(value).contains(.space)
  }
}
