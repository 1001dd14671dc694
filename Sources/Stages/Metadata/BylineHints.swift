import Pipeline

/// What classes and addresses of elements say of names in them.
enum BylineHints {
  /// Longer names are chains of utility classes, in bytes.
  private static let longest = 200

  /// Words with which a name of a class begins, or a part of one, that marks authors.
  private static let marks = PhraseTrie(["author", "byline", "by-line", "contributor", "posted-by", "writer"].map { Array($0.utf8) })
  /// Whether one of them begins with a byte, in either case.
  private static let mayBegin: [Bool] = (0...255).map { "abcpw".utf8.contains(ASCII.lowered(UInt8($0))) }
  private static let longestMark = 11

  /// Words that tell that the element is about an author, or is something else of theirs: a portrait, a list of more.
  private static let others = PhraseAutomaton(
    [
      "about", "avatar", "bio", "box", "card", "comment", "count", "date", "desc", "discuss", "follow", "footer", "icon", "image", "img",
      "job",
      "link-list", "list", "meta-date", "more", "photo", "pic", "recirc", "related", "reply", "role", "share", "social", "time", "title",
      "widget",
    ].map { Array($0.utf8) })

  /// Whether the class or id of an element marks it as a byline.
  static func isByline(_ page: Page, _ node: Int) -> Bool {
    let element = page.nodes[node]
    for place in Int(element.start)..<Int(element.stop) {
      let name = page.attributes[place].name
      guard name == .cls || name == .id, marksByline(page, place) else { continue }
      return !isOther(page.attributeBytes(.cls, of: node)) && !isOther(page.attributeBytes(.id, of: node))
    }
    return false
  }

  private static func marksByline(_ page: Page, _ place: Int) -> Bool {
    let range = page.attributes[place].value
    return page.attributeText.withUnsafeBufferPointer { text in
      let name = UnsafeBufferPointer(rebasing: text[Int(range.lowerBound)..<min(Int(range.upperBound), Int(range.lowerBound) + longest)])
      return mayBegin.withUnsafeBufferPointer { mayBegin in
        var previous: UInt8 = 0x20
        for index in name.indices {
          let byte = name[index]
          // A part begins behind a space, a low line or a hyphen, or with a capital: articleByline.
          if mayBegin[Int(byte)], !ASCII.isLetter(previous) || previous >= 0x61 && byte < 0x5B, beginsMark(name, index) { return true }
          previous = byte
        }
        return false
      }
    }
  }

  private static func beginsMark(_ name: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
    var node = 0
    for index in start..<min(start + longestMark, name.count) {
      guard let next = marks.child(of: node, ASCII.lowered(name[index])) else { return false }
      if marks.phraseAt[next] >= 0 { return true }
      node = next
    }
    return false
  }

  private static func isOther(_ name: ArraySlice<UInt8>?) -> Bool {
    guard let name, !name.isEmpty else { return false }
    var found = false
    name.prefix(longest).map(ASCII.lowered).withUnsafeBufferPointer { bytes in
      others.search(bytes) { _, _ in
        found = true
        return false
      }
    }
    return found
  }

  /// Folders in which sites keep the pages of authors.
  private static let folders = PhraseTrie(
    [
      "author", "authors", "autor", "autore", "autores", "auteur", "by", "contributor", "contributors", "member", "members", "people",
      "profile",
      "profiles", "redaktion", "reporter", "reporters", "staff", "u", "user", "users", "writer", "writers",
    ].map { Array($0.utf8) })
  private static let longestFolder = 12

  /// Whether an address is that of an author's page: `/author/ada-bell`.
  static func isAuthorPage(_ address: ArraySlice<UInt8>) -> Bool {
    address.prefix(longest).withUnsafeBufferPointer { bytes in
      var start: Int?
      for index in bytes.indices where bytes[index] == UInt8(ascii: "/") {
        if let start, index - start <= longestFolder, index + 1 < bytes.count, folders.phrase(equalTo: start..<index, in: bytes) != nil {
          return true
        }
        start = index + 1
      }
      return false
    }
  }
}
