/// Patterns that come with the program, by label.
///
/// They are written in RE2 syntax and are searched unanchored, leftmost-first; the first capturing group is the span, and what
/// stands before and behind it is context only. RE2 has no look-around and its `\b` knows ASCII only, so that borders that have
/// to mind other letters are spelled out (`end`). Every pattern is linear in the text; none repeats a large part by a counted
/// number, so that the automata stay small.
enum BuiltInPatterns {
  /// Labels in the order in which they are documented; a label may have several patterns.
  static let all: [(label: String, patterns: [String])] = [
    (
      "DATE",
      [
        dayFirst, monthFirst, numericDate, plainMonth, nameLikeMonth, monthBehindWord, yearBehindPreposition, yearBehindOtherWord,
      ]
    ),
    ("MONEY", [signedMoney, wordedMoney, poundMoney]),
    ("PERCENT", [percent]),
    ("QUANTITY", [quantity, shortQuantity]),
    ("EMAIL", [email]),
    ("URL", [fullURL, bareURL]),
    ("PHONE", [phone]),
  ]

  // MARK: - Shared parts

  /// A space that may stand inside a span: never a line break, as that would join table cells and headings.
  private static let gap = #"[ \x{a0}\x{2009}\x{202f}]"#
  /// Hyphens and the en dash; an em dash separates clauses and never makes a range.
  private static let dash = #"[-\x{2010}-\x{2013}]"#
  private static let start = #"(?:^|\W)"#
  /// No letter or digit follows. Latin letters with diacritics count as letters, else "5 m" would be found in "5 mètres".
  private static let end = #"(?:$|[^\w\x{c0}-\x{24f}\x{300}-\x{36f}])"#
  /// Digits with any grouping and any decimal sign: "1,200.50", "1.200,50", "1,00,000", "1 200" with a no-break space.
  private static let digits = #"\d+(?:[.,\x{a0}\x{2009}\x{202f}]\d+)*"#
  private static let units = #"one|two|three|four|five|six|seven|eight|nine"#
  private static let scale = #"(?:hundred|thousand|million|billion|trillion)"#
  /// Numbers in words. "a" counts only in front of "hundred", "thousand" and so on: "a dollar" or "a mile" is mostly no amount.
  private static let words = #"""
    (?i:(?:(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:\#(units)))?\#
    |\#(units)|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)(?:[ -]\#(scale))*\#
    |(?:half )?an? \#(scale)(?: \#(scale))?))
    """#

  /// The lower end of a range with "to", "or" or a dash between spaces. Without a comma it has three digits at most, lest the year
  /// of "from 3% in 2019 to 5%" be taken for one.
  private static let bound = #"(?:\d{1,3}(?:,\d{3})*(?:\.\d+)?|\#(words))"#
  private static let between = #"(?: to | or |\#(gap)\#(dash)\#(gap))"#

  // MARK: - DATE

  /// Full names, usual abbreviations with or without a dot, and capitals as in date lines.
  private static let month = #"""
    (?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|Jun\.|July?|Jul\.\#
    |Aug(?:ust|\.)?|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?\#
    |(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?\#
    |NOV(?:EMBER)?|DEC(?:EMBER)?)\.?)
    """#
  private static let day = #"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"#
  private static let year = #"(?:1\d|20)\d\d"#
  /// A year that is not as likely a plain number: rules out house numbers such as "the 1800 block" and round counts.
  private static let recentYear = #"(?:19[1-9]\d|20(?:0[1-9]|[1-4]\d))"#
  private static let weekdayName = #"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"#
  private static let weekdayBefore = #"(?:(?:\#(weekdayName)|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.?),?\#(gap)(?:the\#(gap))?)"#
  /// Behind a day or year: no digit, and no sign that makes a longer number, a time, a version or a percentage of it.
  private static let dateEnd = #"(?:$|[^\w%.,:/-]|[.,:/-](?:$|\D))"#

  /// DATE, day before month: "12 March 2024", "12th of March", "3-5 June", "Tuesday, 5 June", "12-Mar-2024".
  /// Not "may 5" nor what belongs to a longer number ("10:30 March").
  private static let dayFirst = #"""
    (?:^|[^\w.,:/$\x{a3}\x{20ac}])(\#(weekdayBefore)?\#(day)(?:(?:\#(gap)?\#(dash)\#(gap)?| to | and )\#(day))?\#
    (?:\#(gap)(?:of\#(gap))?\#(month)(?:,?\#(gap)\#(year))?|-\#(month)-(?:\#(year)|\d\d)))\#(dateEnd)
    """#

  /// DATE, month first, weekdays, and words with a year: "March 12, 2024", "Mar. 12", "March 3-5", "March 2024", "March the 5th",
  /// "Monday", "Mondays", "spring 2021", "summer of 2021", "Q3 2023", "H1 2024", "FY2024". Of "last Tuesday" only "Tuesday", and
  /// abbreviated weekdays only in front of a date ("Sun" and "Sat" are words).
  private static let monthFirst = #"""
    \b(\#(weekdayBefore)?\#(month)\#(gap)(?:(?:of\#(gap))?\#(year)\#
    |(?:the\#(gap))?\#(day)(?:\#(gap)?\#(dash)\#(gap)?\#(day))?(?:,?\#(gap)\#(year))?)\#
    |\#(month),\#(gap)\#(year)\#
    |(?:(?:Black|Good|Easter|Cyber|Ash|Palm|Super|Shrove|Maundy)\#(gap))?\#(weekdayName)(?:s|\#(gap)the\#(gap)\d\d?th)?\#
    |(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)\#(gap)(?:of\#(gap))?\#(year)(?:[-/\x{2013}]\d\d(?:\d\d)?)?\#
    |(?:Q[1-4]|H[12])\#(gap)?(?:of\#(gap))?(?:20\d\d|FY\#(gap)?(?:20)?\d\d|['\x{2019}]\d\d)\#
    |FY\#(gap)?(?:20)?\d\d(?:[-/\x{2013}]\d\d)?)\#(dateEnd)
    """#

  /// DATE in figures: "2024-03-12" with or without a time, "2024/03/12", "12/03/2024", "3/12/24", "12.03.2024", "12-03-2024",
  /// ranges and seasons ("1998-2004", "2023/24"), decades ("1990s", "mid-1990s", "'90s"), "500 BC". Not "1/2", "24/7", "9/11",
  /// "10.03.1"; a dotted date needs a year of four digits, as "10.15.07" is mostly a version.
  private static let numericDate = #"""
    (?:^|[^\w.,:/=$\x{a3}\x{20ac}-])(\#
    (?:1[5-9]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\#
    (?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?(?:Z|UTC|GMT|[-+]\d\d:?\d\d))?)?\#
    |(?:1[5-9]|20)\d\d[/.](?:0[1-9]|1[0-2])[/.](?:0[1-9]|[12]\d|3[01])\#
    |(?:0?[1-9]|[12]\d|3[01])(?:/(?:0?[1-9]|[12]\d|3[01])/(?:(?:19|20)\d\d|\d\d)|[.-](?:0?[1-9]|1[0-2])[.-](?:19|20)\d\d)\#
    |(?:1[5-9]|20)\d\d(?:\#(gap)?\#(dash)\#(gap)?(?:1[5-9]|20)\d\d|[-/\x{2010}-\x{2013}]\d\d)\#
    |[Mm]id-(?:1[5-9]|20)\d\d|(?:[Mm]id-)?(?:1[5-9]|20)\d0['\x{2019}]?s|['\x{2018}\x{2019}][2-9]0s\#
    |\d[\d,]*\#(gap)(?:BCE?|B\.C\.(?:E\.)?))\#(dateEnd)
    """#

  /// DATE, months alone: names that are hardly anything else, and "mid-" with any month.
  private static let plainMonth = #"\b((?:[Mm]id|MID)-\#(month)|January|February|July|September|October|November|December)(?:$|\W)"#

  /// DATE, months that are first names too: not in front of another capital ("April Jones"), nor "august" and the like.
  private static let nameLikeMonth = #"\b(April|June|August)(?:$|[^\w \x{a0}]|\#(gap)(?:$|[^A-Z]))"#

  /// DATE, months behind a word that makes a time of them: "in March", "last May", "end of May", "since Sept.". "May" and "March"
  /// never stand alone, and not behind "of", "to" or "after" ("the rise of May").
  private static let monthBehindWord = #"""
    \b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Dd]uring|[Ll]ast|[Nn]ext|[Tt]his|[Ee]arly|[Ll]ate|[Ee]very\#
    |[Bb]y|[Ff]rom|[Tt]hrough|(?:[Ee]nd|[Ss]tart|[Bb]eginning|[Mm]iddle|half|weeks?|days?|months?)\#(gap)of)\#(gap)\#
    (March|April|May|June|August|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)(?:$|\W)
    """#

  /// DATE, years behind a preposition: "in 2023", "since 1999", "by 2030", "of 2008"; the span is the year.
  private static let yearBehindPreposition = #"""
    \b(?:[Ii]n|[Ss]ince|[Bb]efore|[Aa]fter|[Uu]ntil|[Tt]ill|[Dd]uring|[Oo]f|[Ff]rom|[Bb]y\#
    |[Bb]etween|[Ee]arly|[Ll]ate|[Mm]id|[Yy]ear|[Cc]irca|[Bb]orn|[Cc]opyright)\#(gap)((?:1[1-9]|20)\d\d)\#(dateEnd)
    """#

  /// DATE, years behind what often stands before other numbers too: "the 2016 election", "a 2019 study", "Heat (1995)",
  /// "Japan's 2024 budget", "to 2020". A year without any of these words is left alone, as is "2000" here.
  private static let yearBehindOtherWord = #"""
    (?:\((?:b\.\#(gap)|born\#(gap))?|\x{a9}\#(gap)?|['\x{2019}]s\#(gap)|\b(?:[Tt]he|[Aa]|[Aa]nd|[Tt]o|[Ff]or\#
    |[Tt]hrough|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Tt]his|[Ll]ast|[Nn]ext)\#(gap))(\#(recentYear))\#(dateEnd)
    """#

  // MARK: - MONEY

  /// Short forms that are one letter long have to touch the number, except for "m": "$5k" and "$5 m", yet not "$5 T-shirts".
  private static let magnitude =
    #"(?:(?:\#(gap)|-)?(?:(?:\#(scale)|lakh|crore)s?(?:\#(gap)crores?)?|mn|mln|mil|bn|tn|trn|[mM]|cr)|[kKbBtT]|MM|BN)"#
  private static let sign = #"""
    (?:(?:US|AUS?|CAD?|NZ|HK|NT|SG?|MX|Mex|EC|TT|BZ|[ACJRGLZ])?\$|(?:CN|JP|RMB)?[\x{a5}\x{ffe5}]\#
    |E?\x{a3}|GH[\x{a2}\x{20b5}]|[\x{20a0}-\x{20bf}\x{e3f}\x{ff04}\x{ffe1}])
    """#
  /// ISO codes; those that are words or names in front of a number ("TRY 2", "PHP 8", "COP 26", "NIS 2") are left out.
  private static let code = #"""
    (?:USD|EUR|GBP|JPY|CNY|RMB|INR|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BGN|RUB|UAH|ZAR|BRL|MXN\#
    |KRW|SGD|HKD|TWD|AED|QAR|KWD|KES|UGX|TZS|NGN|GHS|PKR|BDT|LKR|IDR|MYR|THB|VND|EGP)
    """#
  private static let localSign = #"(?:Rs\.?|Rp\.?|RM|(?:[KTU]?Sh|Ksh|KSH)s?\.?|Tk\.?|[DNS]?[Kk]r\.?|S[Ff]r\.?)"#
  private static let amount = #"(?:\#(digits)|\.\d+)\#(magnitude)?"#

  /// MONEY with a sign or code in front: "$3.5 million", "US$40bn", "€1,200.50", "¥300", "Rs 500 crore", "USD 400", "Sh4.2 billion",
  /// "R200", "CHF 12", "kr 50", ranges "$5-$10" and "$1.2-1.5 billion". "R" needs three digits or a magnitude ("R22" is a
  /// helicopter). Of "$5 to $10" both amounts are found on their own; a currency without a number is not matched.
  private static let signedMoney = #"""
    (?:^|[^\w$\x{a3}\x{20ac}])((?:\#(sign)|\#(code)|\#(localSign))\#(gap)?\#(amount)\#
    (?:\#(gap)?\#(dash)\#(gap)?\#(sign)\#(amount)|\#(dash)\#(amount))?(?:\#(gap)(?:dollars|euros?|USD|CAD|AUD))?\#
    |R(?:\d{3}\d*(?:\.\d\d)?|\#(gap)?\d{1,3}(?:[ ,]\d{3})+(?:\.\d\d)?|\d+(?:[.,]\d+)?(?:\#(gap)\#(scale)|bn|tn|m|k)|\d+\.\d\d))\#(end)
    """#

  private static let worded = #"(?:(?:\#(digits)|\#(words))\#(magnitude)?)"#
  /// "millions of", "tens of thousands of"
  private static let vague = #"(?:(?:[Tt]en|[Hh]undred|[Tt]housand|[Mm]illion|[Bb]illion|[Tt]rillion)s\#(gap)of)"#
  private static let currency = #"""
    (?:[Dd]ollars?|[Ee]uros?|cents|pence|yuan|renminbi|yen|rupees?|rou?bles?|pesos?|francs?|kron(?:or|er|a|e|ur)\#
    |zlotys?|z\x{142}oty(?:ch)?|forints?|hryvnias?|dinars?|dirhams?|riyals?|rials?|shillings?|naira|cedis?|baht|ringgit|rupiah\#
    |dong|taka|shekels?|birr|kwacha|lir(?:as?|e)|reais|rand|quid|bucks|koruna|pounds\#(gap)sterling)
    """#

  /// MONEY with the currency behind: "10 million dollars", "5,000 euros", "50 cents", "3.5 billion yuan", "500 Swiss francs", "five
  /// dollars", "millions of dollars", "400 USD", "1.200 €", "500 kr", "12 zł", "two to three million dollars". "won", "marks" and
  /// "crowns" only behind a magnitude ("the 12 won"); never "cent" and "real"; "a dollar" is no amount.
  private static let wordedMoney = #"""
    \b((?:(?:\#(worded)\#(dash)|\#(bound)(?:\#(gap)\#(scale))?\#(between))?\#(worded)(?:\#(gap)|-)\#
    |(?:\#(vague)\#(gap))+)(?:(?:[A-Z][A-Za-z.]+\#(gap)){1,2})?\#(currency)\#
    |(?:\#(digits)|\#(words))(?:\#(gap)\#(scale)|m|bn|tn)\#(gap)(?:won|marks|crowns)|\d{1,3}(?:,\d{3})+\#(gap)won\#
    |\d+(?:[., \x{a0}\x{2009}\x{202f}]\d+)*\#(magnitude)?\#(gap)?(?:\x{20ac}|z\x{142}|K\x{10d}|\x{20bd}|\x{20b4}|\x{a2}|kr\#
    |\#(code)|COP|CLP|ARS|RON|SAR|ILS|NIS|PHP))\#(end)
    """#

  /// MONEY, pounds: "2 million pounds", "£" being covered above. Only behind a magnitude, and not in front of "of" ("two million
  /// pounds of beef"): other pounds are masses, as most are outside Britain.
  private static let poundMoney = #"""
    \b((?:(?:\#(digits)|\#(words))\#(gap)\#(scale)|\d+(?:\.\d+)?(?:m|bn)|\#(vague))\#(gap)pounds)\#
    (?:$|[^\w \x{a0}]|\#(gap)(?:$|[^o]|o(?:$|[^f])))
    """#

  // MARK: - PERCENT

  /// PERCENT: "5%", "5.5 %", "12 percent", "10 per cent", "3-4%", "5 to 10 percent", "-2.1%", "0.5 percentage points", "five percent",
  /// "20pc". The sign belongs to the span. Not "a few percent" nor "basis points"; of "5% to 10%" both are found on their own.
  private static let percent = #"""
    \#(start)((?:(?:[-+\x{2212}\x{2013}]?\#(digits)|\#(words))%?\#(dash)|[-+\x{2212}\x{2013}]?\#(bound)\#(between)\#
    |[-+\x{2212}\x{2013}]?\#(bound)%\#(gap)\#(dash)\#(gap))?(?:[-+\x{2212}\x{2013}]?(?:\#(digits)|\.\d+)|\#(words))\#
    (?:\#(gap)?[%\x{ff05}\x{2030}]|(?:\#(gap)|-)?(?:[Pp]er[ -]?[Cc]ent|PERCENT|pct\.?)(?:age[ -]points?)?|pc)\#
    |(?i:half) a percentage point)\#(end)
    """#

  // MARK: - QUANTITY

  private static let fraction = #"[\x{bc}-\x{be}\x{2150}-\x{215e}]"#
  private static let measure = #"""
    (?:(?:[-+\x{2212}]|[Mm]inus\#(gap))?(?:\#(digits)(?:\#(fraction)| \d/\d)?|\.\d+|\d/\d|\#(fraction))|\#(words))(?:\#(gap)\#(scale)\#
    |m|bn)?
    """#
  private static let prefix = #"(?:kilo|mega|giga|tera|centi|milli|micro|nano|hecto)"#
  private static let length = #"""
    (?:(?:square|cubic|sq\.?|cu\.?|nautical)(?:\#(gap)|-)?)?\#
    (?:\#(prefix)?met(?:re|er)s?|k[mM]s?|[cmn]m|miles?|mi|yards?|yds?|feet|foot|ft|inch(?:es)?|microns?)|light[ -]years?|sqm|sqft
    """#
  private static let mass = #"""
    \#(prefix)?gram(?:me)?s?|kilos?|k[gG]s?|mg|mcg|(?:metric\#(gap))?\#(prefix)?ton(?:ne)?s?|pounds?|lbs?\#
    |ounces?|oz|carats?
    """#
  private static let volume = #"""
    \#(prefix)?lit(?:re|er)s?|m[lL]|cl|gallons?|pints?|quarts?|bushels?|cups?|teaspoons?|tablespoons?|tsp|tbsp\#
    |barrels?(?:\#(gap)(?:a|per)\#(gap)day)?|bpd|hectares?|ha|acres?|acre-feet
    """#
  private static let physics = #"""
    mph|kph|km/?h|kmph|m/s|knots?|\#(prefix)?(?:watt[ -]hours?|watts?|joules?|volts?|amps|hertz|pascals?\#
    |calories?|(?:bit|byte)s?(?:\#(gap)per\#(gap)second)?)|[kMGT]Wh?|kV|[km]Ah|kcal|kJ|MJ|horsepower|[bw]?hp|BTUs?\#
    |psi|[hkMG]Pa|mbar|millibars?\#
    |[kMGT]?Hz|[kKMGTP]i?B|[kKMGT]b(?:ps|it)?|[kKMGT]Bps|dBA?|decibels?|rpm
    """#

  /// QUANTITY: a number, in digits or words, with a unit of length, area, volume, mass, temperature, speed, power, energy, pressure,
  /// frequency or data size: "5 km", "1,200 square miles", "30°C", "6ft 2in", "60 mph", "3.5GB", "two tonnes", "5 to 10 feet",
  /// "10-mile", "6-foot-2". "5 m" and "5 g" need the space or hyphen, as "5m" is mostly five million. "pounds" are masses here.
  /// Not durations, counts of things, magnitudes, nor "a mile".
  private static let quantity = #"""
    \#(start)((?:\#(measure)\#(dash)|(?:\#(digits)\#(gap)?[x\x{d7}]\#(gap)?)+\#
    |[-+\x{2212}]?\#(bound)(?:\#(gap)\#(scale))?(?:\#(between)| by ))?\#
    \#(measure)(?:\#
    (?:\#(gap)|-)?(?:(?:k|c|m)?m[\x{b2}\x{b3}23]|(?:ft|in|mi)[\x{b2}\x{b3}]|[\x{b5}\x{3bc}][mg])\#
    |\#(gap)?[\x{b0}\x{ba}](?:\#(gap)?[CFK])?|[\x{2103}\x{2109}]|(?:\#(gap)|-)degrees?(?:\#(gap)(?:Celsius|Fahrenheit|centigrade\#
    |[CF]))?\#
    |(?:\#(gap)|-)?(?:ft|foot|feet)(?:,?\#(gap)|-)?\d\d?(?:\.\d|\#(fraction))?(?:\#(gap)|-)?(?:inch(?:es)?|ins?)\#
    |-foot-(?:1[01]|\d)|ft\#(gap)?(?:1[01]|\d)|(?:\#(gap)|-)?(?:pounds?|lbs?),?\#(gap)\d\d?\#(gap)?(?:ounces?|oz)|in\#
    |(?:\#(gap)|-)?(?:\#(length)|\#(mass)|\#(volume)|\#(physics))\#
    (?:\#(gap)per\#(gap)(?:hour|second|minute|day|year)|\#(gap)an\#(gap)hour|/(?:hr?|sec|s|day|kg|[dm]?[lL]|m\x{b3}))?\#
    )|\d['\x{2032}\x{2019}]\#(gap)?\d\d?(?:["\x{2033}\x{201d}]|''))\#(end)
    """#

  /// QUANTITY, units of one letter, with digits only: "5 m", "20g", "1.5L", "500W", "12V", "30C", "86F". "m" must not touch the
  /// number; "C" and "F" need two digits or a minus, as "5C" is mostly a model or a class. Not behind a hyphen ("F-16C").
  private static let shortQuantity = #"""
    (?:^|[^\w$\x{a3}\x{20ac}-])((?:\#(digits)\#(dash))?(?:(?:[-\x{2212}]\d|[-\x{2212}]?[1-9]\d)(?:\.\d)?C\#
    |[-\x{2212}]?[1-9]\d\d?F|\#(digits)(?:[gLWV]|(?:\#(gap)|-)[mg]|\#(gap)[lL])))\#(end)
    """#

  // MARK: - EMAIL and URL

  /// Latin with diacritics, Greek and Cyrillic: two bytes each, so that the class stays small. Other scripts are written without
  /// spaces around an address, where a wider class would take in the words before it.
  private static let letters = #"\w\x{c0}-\x{24f}\x{370}-\x{52f}"#

  /// EMAIL: the usual addresses, without a dot at the end; letters of other scripts too. Not "@name" nor "name at example dot com".
  private static let email =
    #"([\#(letters)][\#(letters).%+'-]*@(?:[\#(letters)][\#(letters)-]*\.)+(?:[a-z]{2,}|[A-Z]{2,}|[\x{370}-\x{52f}]{2,}))"#

  /// What stops a URL: white space, quotes, brackets, and the punctuation of East Asian text.
  private static let stop =
    #"\s<>"'()\[\]{}|\\^`\x{a0}\x{ab}\x{bb}\x{2009}\x{2018}-\x{201f}\x{2026}\x{202f}\x{3000}-\x{303f}\x{ff00}-\x{ff65}"#
  private static let inBrackets = #"\([^\s()<>"]*\)"#
  private static let tail = #"(?:[^\#(stop)]|\#(inBrackets))*(?:[^\#(stop).,;:!?*]|\#(inBrackets))"#

  /// URL with a scheme or "www.": up to white space, quotes or closing brackets, without punctuation at the end. Simple pairs of
  /// round brackets are kept ("…/Mercury_(planet)").
  private static let fullURL = #"\b((?:(?i:https?|ftp)://|(?i:www)\d?\.)[\#(letters)]\#(tail))"#

  private static let generic = #"com|org|net|edu|gov|mil|info|biz|io|ai|app|tv|xyz|eu|int"#
  private static let country = #"""
    ae|ar|au|bg|br|ca|ch|cl|cn|co|cz|de|dk|ee|es|fi|fr|gr|hk|hr|hu|ie|il|ir|jp|ke|kr|lt|lu|lv|mx|ng|nl|nz|pe|ph\#
    |pk|pl|pt|ro|ru|se|sg|si|sk|th|tr|tw|ua|uk|uy|ve|vn|za
    """#
  /// Good only in front of a path, as they are words too, which may follow a full stop without a space, or endings of file names.
  private static let doubtful = #"""
    am|as|at|be|by|cc|fm|gl|id|in|is|it|la|ly|me|my|no|rs|so|st|to|us|ws|blog|club|dev|gg|health|life|link\#
    |live|media|news|online|page|press|shop|site|store|tech|today|world
    """#

  /// URL without a scheme: "bbc.co.uk/news", "example.com". The top-level domain has to be a well-known one in small letters, which
  /// keeps out "e.g.", "end.The", "report.pdf" and "node.js"; those that are words ("it", "news") count only with a path.
  private static let bareURL = #"""
    (?:^|[^@./\#(letters)-])((?:[\#(letters)][\#(letters)-]*\.)+\#
    (?:(?:(?:co|com|org|net|gov|edu|ac|go|or|gob|gouv|govt|nic)\.[a-z][a-z]|\#(generic)|\#(country))(?:/(?:\#(tail))?)?\#
    |(?:\#(doubtful))/(?:\#(tail))?))(?:$|[^@\#(letters)])
    """#

  // MARK: - PHONE

  /// PHONE: "+44 20 7946 0958", "+1.212.555.0147", "(212) 555-0147", "212-555-0147", "1-800-555-0100", "020 7946 0958",
  /// "07700 900123", "01 23 45 67 89", each with "ext. 5". Not numbers without "+" and separators, nor seven-digit local numbers,
  /// which look like scores and codes.
  private static let phone = #"""
    (?:^|[^\w.,/$\x{a3}\x{20ac}+-])(\#
    (?:\+(?:\d{8,15}|\d{1,3}[ \x{a0}.-]?(?:\(\d{1,4}\)[ \x{a0}.-]?)?\#
    (?:\d{1,5}(?:[ \x{a0}./-]\d{2,5})*[ \x{a0}./-]\d{3,8}|\d{1,2}(?:[ \x{a0}.-]\d\d){3,5}))\#
    |(?:1[ \x{a0}.-])?(?:\([2-9]\d\d\)[ \x{a0}.-]?|[2-9]\d\d[ \x{a0}.-])[2-9]\d\d[ \x{a0}.-]\d{4}\#
    |\(0\d{1,4}\)[ \x{a0}-]?\d{3,4}[ \x{a0}-]\d{3,4}|0\d\d[ \x{a0}-]?\d{3,4}[ \x{a0}-]\d{4}\#
    |0\d{3,4}[ \x{a0}-]?\d{3}[ \x{a0}-]\d{3,4}|0\d{2,4}[ \x{a0}/-]\d{5,8}\#
    |0[1-9](?:[ \x{a0}.]\d\d){4}|1[38]00[ \x{a0}-]\d{3}[ \x{a0}-]\d{3})\#
    (?:,?\#(gap)?(?:[Ee]xt\.?|[Ee]xtension|x)\#(gap)?\d{1,5})?)(?:$|[^\w.,:/-]|[.,:/-](?:$|\D))
    """#
}
