/// What the model looks at: hashes of what is around a place, alone and together.
///
/// Those that tell no words are given twice: for all languages, and for the one at hand, when the model was trained on it; words are told to that alone.
enum SentenceFeatures {
  /// No place has more.
  static let most = 64

  @inline(__always)
  private static func mix(_ template: UInt64, _ a: UInt32, _ b: UInt32 = 0) -> UInt32 {
    let sum = UInt64(a) &* 0x9E37_79B9_7F4A_7C15 ^ (UInt64(b) &+ template &* 0x1_0000_0001) &* 0xC2B2_AE3D_27D4_EB4F
    return UInt32(truncatingIfNeeded: (sum ^ sum >> 29) &* 0x1656_67B1_9E37_79F9 >> 32)
  }

  /// Writes the features' hashes to `output`, which holds `most`, and says how many there are: first those for all languages, `shared`.
  /// - Parameter language: a number from 1 on for a language that the model was trained on; 0 for others.
  static func write(_ place: inout SentenceCandidate, language: UInt32, to output: UnsafeMutablePointer<UInt32>) -> (
    shared: Int, all: Int
  ) {
    let mark = UInt32(place.mark.rawValue)
    let m = mark << 6 | UInt32(place.closing.rawValue) << 3 | UInt32(place.gap.rawValue) << 1 | (place.isRun ? 1 : 0)
    let before = place.before
    let after = place.after
    let beforeForm = before.form
    let afterForm = after.form
    let afterCase: UInt32 = after.startsUpper ? 1 : after.startsLower ? 2 : after.startsDigit ? 3 : after.shape == .symbols ? 4 : 0
    let lead = UInt32(after.lead.rawValue)
    let trail = UInt32(before.trail.rawValue)
    let kinds = UInt32(place.beforeKind.rawValue)
    let starts: UInt32 = place.afterStarts ? 1 : 0
    let words = UInt32(
      place.words <= 3 ? place.words : place.words <= 5 ? 4 : place.words <= 9 ? 5 : place.words <= 19 ? 6 : place.words <= 39 ? 7 : 8)
    let inside: UInt32 = (place.isInBrackets ? 1 : 0) | (place.isInQuotation ? 2 : 0)
    let first: UInt32 = (place.startsWithQuote ? 1 : 0) | (place.startsWithMarker ? 2 : 0) | (place.beforeIsFirst ? 4 : 0)
    let vowels: UInt32 = before.hasVowel ? 1 : 0
    let beforeShape = UInt32(before.shape.rawValue)
    let afterShape = UInt32(after.shape.rawValue)
    let mt = m << 4 | trail

    var count = 0
    @inline(__always) func add(_ hash: UInt32) {
      output[count] = hash
      count += 1
    }
    add(mix(1, m))
    add(mix(2, mt, lead << 4 | afterCase))
    add(mix(3, mt, beforeForm << 1 | vowels))
    add(mix(4, mt, afterForm << 8 | lead))
    add(mix(5, mt, beforeShape << 16 | afterShape << 8 | lead))
    add(mix(6, m, kinds << 4 | afterCase))
    add(mix(7, m, kinds << 1 | starts))
    add(mix(8, mt, beforeForm << 9 | starts << 8 | afterCase << 4 | lead))
    add(mix(9, m, words << 4 | afterCase))
    add(mix(10, m, inside << 8 | afterCase << 4 | lead))
    add(mix(11, m, first << 8 | beforeShape))
    add(mix(12, mt, beforeShape << 8 | UInt32(place.beforeThat.shape.rawValue)))
    add(mix(13, mt, afterShape << 8 | UInt32(place.afterThat.shape.rawValue)))
    add(mix(14, mt, UInt32(after.trail.rawValue) << 8 | afterShape))
    add(mix(15, mt, starts << 8 | words))
    add(mix(16, mt, UInt32(place.beforeThat.trail.rawValue) << 12 | UInt32(place.afterThat.lead.rawValue) << 8 | afterShape))
    let shared = count
    guard language > 0 else { return (shared, shared) }
    let l = language << 24
    for index in 0..<shared { add(mix(40, output[index], l)) }
    let ml = l | mark << 8
    add(mix(50, ml, before.hash))
    add(mix(51, ml, after.hash))
    add(mix(52, ml | afterCase, before.hash))
    add(mix(53, ml | beforeShape << 12, after.hash))
    add(mix(54, ml, place.beforeThat.hash))
    add(mix(55, ml, place.afterThat.hash))
    add(mix(56, ml, before.hash &* 31 &+ after.hash))
    add(mix(57, ml, place.beforeThat.hash &* 31 &+ before.hash))
    add(mix(58, ml, after.hash &* 31 &+ place.afterThat.hash))
    add(mix(59, ml | afterCase << 4 | lead, before.ending))
    add(mix(60, ml, before.exactHash))
    add(mix(61, ml | trail << 4, after.exactHash))
    return (shared, count)
  }
}
