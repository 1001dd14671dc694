/// How many characters of each kind a word has.
struct LetterCounts {
  var uppers = 0
  var lowers = 0
  var digits = 0
  /// Letters without cases.
  var others = 0
  /// Full stops within the word.
  var dots = 0
  var startsUpper = false

  /// Letters with cases.
  var cased: Int { uppers + lowers }

  /// What the word looks like.
  var shape: EntityToken.Shape {
    if cased + others == 0 { return .number }
    if digits > 0 { return .digitsAndLetters }
    if others > cased { return .caseless }
    if uppers == 0 { return .lower }
    if dots > 0, cased == dots || cased == dots + 1 { return .initials }
    if lowers == 0 { return uppers == 1 ? .oneCapital : .upper }
    if !startsUpper { return .lowerWithCapital }
    return uppers == 1 ? .capitalised : .innerCapital
  }
}
