import Pipeline

/// What meta elements tell, by their names.
enum MetaFact: Int, CaseIterable, Sendable {
  case title, description, image, siteName, address, section, keywords, published, modified, authors, language, organisation
  /// Twitter's two pairs of a label and a value: "Written by", "Ada Bell".
  case label1, data1, label2, data2

  /// Whether several elements may tell it, each a part.
  var isList: Bool { self == .authors || self == .keywords || self == .organisation }
}

/// The names of meta elements: of the Open Graph protocol, Dublin Core, schema.org, and the makers of analytics and newsletters.
enum MetaNames {
  /// A fact's names, the most trusted first. A name that states a date of publication comes before one that only says "date".
  static let names: [MetaFact: [String]] = [
    .title: [
      "og:title", "twitter:title", "parsely-title", "sailthru.title", "citation_title", "dc.title", "dcterms.title", "headline", "title",
      "cxenseparse:title", "swiftype:title", "mobile-title", "hdl",
    ],
    .description: [
      "og:description", "description", "twitter:description", "sailthru.description", "dc.description", "dcterms.description",
      "dcterms.abstract", "excerpt", "subline", "news_summary",
    ],
    .image: [
      "og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "image", "thumbnail", "parsely-image-url",
      "sailthru.image.full", "sailthru.image.thumb", "thumbnailurl", "msapplication-tileimage",
    ],
    .siteName: ["og:site_name", "application-name", "apple-mobile-web-app-title", "al:android:app_name"],
    .address: ["og:url", "twitter:url", "parsely-link", "sailthru.url", "citation_public_url", "dc.identifier.url"],
    .section: [
      "article:section", "og:article:section", "parsely-section", "section", "cxenseparse:articlesection", "sailthru.section",
      "articlesection", "article.section", "category", "news_category", "dc.subject.category", "page-topic",
    ],
    .keywords: [
      "news_keywords", "article:tag", "og:article:tag", "keywords", "parsely-tags", "sailthru.tags", "tags", "citation_keywords",
      "dc.subject", "dcterms.subject", "cxenseparse:keywords",
    ],
    .published: [
      "article:published_time", "og:article:published_time", "og:published_time", "article:published", "article.published",
      "datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:publishtime", "cxenseparse:recs:publishtime",
      "citation_publication_date", "citation_online_date", "citation_date", "dc.date.issued", "dcterms.issued", "dc.date.created",
      "dcterms.created", "dc.date.published", "og:pubdate", "og:publish_date", "publish_date", "publish-date", "publishdate", "pubdate",
      "pub_date", "publication_date", "publication-date", "publicationdate", "publishtime", "published", "published_time", "published-date",
      "publish_time", "date-pub", "date_published", "published_at", "article_date_original", "article:post_date", "article:create_time",
      "originalpublicationdate", "displaydate", "dateposted", "datecreated", "created", "cdate", "ptime", "dc.date", "dcterms.date",
      "release_date", "bt:pubdate", "vr:published_time", "shareaholic:article_published_time", "date",
    ],
    .modified: [
      "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "article:modified", "article.updated",
      "article:updated", "datemodified", "dc.date.modified", "dcterms.modified", "lastmod", "last-modified", "last_updated", "lastupdated",
      "modified", "modified_time", "revised", "updated", "date_modified", "moddate", "utime", "shareaholic:article_modified_time",
    ],
    .authors: [
      "citation_author", "citation_authors", "author", "article:author", "article:author_name", "og:article:author", "og:author",
      "parsely-author", "sailthru.author", "cxenseparse:author", "dc.creator", "dcterms.creator", "dc.creator.name", "byl", "byline",
      "authors", "creator", "article.author", "article_author", "article-author", "author_name", "bc:authors", "bt:author", "dcsext.author",
      "shareaholic:article_author_name", "vr:author", "nrk:author", "rbauthors", "dc.contributor",
    ],
    .language: ["content-language", "og:locale", "dc.language", "dcterms.language"],
    .organisation: [
      "og:site_name", "application-name", "publisher", "dc.publisher", "dcterms.publisher", "copyright", "citation_publisher",
    ],
    .label1: ["twitter:label1"], .data1: ["twitter:data1"], .label2: ["twitter:label2"], .data2: ["twitter:data2"],
  ]

  /// Longer names are not known, in bytes.
  private static let longest = 40

  private static let table: (trie: PhraseTrie, uses: [[(fact: MetaFact, rank: Int)]]) = {
    var phrases: [[UInt8]] = []
    var uses: [[(fact: MetaFact, rank: Int)]] = []
    var indices: [String: Int] = [:]
    for fact in MetaFact.allCases {
      for (rank, name) in (names[fact] ?? []).enumerated() {
        let index = indices[name] ?? phrases.count
        if index == phrases.count {
          indices[name] = index
          phrases.append(Array(name.utf8))
          uses.append([])
        }
        uses[index].append((fact, rank))
      }
    }
    return (PhraseTrie(phrases), uses)
  }()

  /// What a name tells, and how much it is trusted: 0 the most. Upper case makes no difference; nothing for a name that nobody knows.
  static func uses(of name: ArraySlice<UInt8>) -> [(fact: MetaFact, rank: Int)] {
    guard !name.isEmpty, name.count <= longest else { return [] }
    let found = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { buffer -> Int? in
      var count = 0
      for byte in name {
        buffer[count] = ASCII.lowered(byte)
        count += 1
      }
      return table.trie.phrase(equalTo: 0..<count, in: UnsafeBufferPointer(rebasing: buffer[..<count]))
    }
    return found.map { table.uses[$0] } ?? []
  }
}
