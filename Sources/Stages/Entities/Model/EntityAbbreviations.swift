/// English words that end with a full stop, by their hashes in lower case.
enum EntityAbbreviations {
  /// Words that keep the full stop behind them wherever they stand: they end names of companies, and of persons, or are names of places.
  static let closing = hashes(
    """
    jr sr inc corp ltd co bros ave blvd rd dept univ assn intl calif fla tex mich minn wash penn conn ariz colo ind kan la md mo miss mont neb nev okla
    ore tenn va vt wis wyo ont dist cos esq phd gmbh cie
    """)

  /// Words that keep it before a name, a number or small letters.
  static let opening = hashes(
    """
    mr mrs ms dr prof gen sen rep gov lt col capt sgt cpl maj adm cmdr rev hon st ste mt ft pres atty supt amb msgr fr no vs mass ill ky que
    jan feb mar apr jun jul aug sept sep oct nov dec messrs mme mlle
    """)

  private static func hashes(_ words: String) -> Set<UInt32> {
    Set(words.split { $0 == " " || $0 == "\n" }.map { EntityTokenizer.hash(ofWord: String($0)) })
  }
}
