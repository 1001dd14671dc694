import CCLD2
import Pipeline

/// Codes of languages (ISO 639), and which of them name one language.
enum LanguageCodes {
  /// The code that is used for a language today; nil for a code that is none, or names no language.
  static func canonical(_ code: String) -> String? {
    if let current = current[code] { return current }
    return code.utf8.count == 2 ? (known.contains(code) ? code : nil) : nameless.contains(code) ? nil : code
  }

  /// The language that a code names a kind of, such as `no` for `nb`; else the code itself.
  static func family(_ code: String) -> String { families[code] ?? code }

  /// The kind of a language that is meant where a text is just said to be in it.
  static let standards = ["no": "nb", "tl": "fil"]

  /// The scripts of regions that write Chinese.
  static let chineseScripts = ["cn": "hans", "sg": "hans", "my": "hans", "tw": "hant", "hk": "hant", "mo": "hant"]

  private static let families = [
    "nb": "no", "nn": "no", "fil": "tl", "yue": "zh", "nan": "zh", "wuu": "zh", "hak": "zh", "gan": "zh", "hsn": "zh", "lzh": "zh",
    "ary": "ar", "arz": "ar", "apc": "ar", "acm": "ar", "afb": "ar", "aeb": "ar", "arq": "ar", "prs": "fa", "ckb": "ku", "bho": "bh",
  ]

  /// Codes for texts of many languages, of none, or of one that is not told; `xxx` is CLD2's.
  private static let nameless: Set<String> = ["und", "mul", "zxx", "mis", "xxx"]

  /// Codes with two letters that are used.
  private static let known = Set(current.values)

  /// By codes that are not used any more, and by those of three letters for languages that have two.
  private static let current: [String: String] = {
    var result = ["iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr"]
    for pair in pairs.split(separator: " ") { result[String(pair.prefix(3))] = String(pair.suffix(2)) }
    return result
  }()

  /// All languages with two letters, by their codes with three. After the language aliases of the Unicode Common Locale Data Repository,
  /// by way of Babel 2.18.
  private static let pairs = """
    aar=aa abk=ab adp=dz afr=af aka=ak alb=sq als=sq amh=am ara=ar arb=ar arg=an arm=hy asm=as ava=av ave=ae aym=ay ayr=ay aze=az \
    azj=az bak=ba bam=bm baq=eu bel=be ben=bn bih=bh bis=bi bod=bo bos=bs bre=br bul=bg bur=my cat=ca ces=cs cha=ch che=ce chi=zh \
    chu=cu chv=cv cls=sa cmn=zh cor=kw cos=co cre=cr cwd=cr cym=cy cze=cs dan=da deu=de div=dv drh=mn dut=nl dzo=dz ekk=et ell=el \
    eng=en epo=eo esk=ik est=et eus=eu ewe=ee fao=fo fas=fa fij=fj fin=fi fra=fr fre=fr fry=fy fuc=ff ful=ff gaz=om geo=ka ger=de \
    gla=gd gle=ga glg=gl glv=gv gre=el grn=gn gug=gn guj=gu hat=ht hau=ha heb=he her=hz hin=hi hmo=ho hrv=hr hun=hu hye=hy \
    ibo=ig ice=is ido=io iii=ii ike=iu iku=iu ile=ie ina=ia ind=id ipk=ik isl=is ita=it jav=jv jpn=ja kal=kl kan=kn kas=ks kat=ka \
    kau=kr kaz=kk khk=mn khm=km kik=ki kin=rw kir=ky kmr=ku knc=kr kng=kg kom=kv kon=kg kor=ko kpv=kv kua=kj kur=ku lao=lo lat=la \
    lav=lv lim=li lin=ln lit=lt ltz=lb lub=lu lug=lg lvs=lv mac=mk mah=mh mal=ml mao=mi mar=mr may=ms mkd=mk mlg=mg mlt=mt mol=ro \
    mon=mn mri=mi msa=ms mya=my nau=na nav=nv nbl=nr nde=nd ndo=ng nep=ne nld=nl nno=nn nob=nb nor=no npi=ne nya=ny oci=oc ojg=oj \
    oji=oj ori=or orm=om ory=or oss=os pan=pa pbu=ps per=fa pes=fa pli=pi plt=mg pol=pl por=pt prp=gu pus=ps que=qu quz=qu roh=rm \
    ron=ro rum=ro run=rn rus=ru sag=sg san=sa scc=sr scr=hr sin=si slk=sk slo=sk slv=sl sme=se smo=sm sna=sn snd=sd som=so sot=st \
    spa=es sqi=sq src=sc srd=sc srp=sr ssw=ss sun=su swa=sw swe=sv swh=sw tah=ty tam=ta tat=tt tel=te tgk=tg tgl=tl tha=th tib=bo \
    tir=ti ton=to tsn=tn tso=ts tuk=tk tur=tr twi=tw uig=ug ukr=uk urd=ur uzb=uz uzn=uz ven=ve vie=vi vol=vo wel=cy wln=wa wol=wo \
    xho=xh ydd=yi yid=yi yor=yo zha=za zho=zh zsm=ms zul=zu zyb=za
    """
}

/// What people write for languages.
enum LanguageNames {
  /// What to say about a text that is no tag a stage can compare.
  static func objection(to text: String) -> String {
    if let tag = LanguageTag(text) {
      return "\"\(text)\" has parts that are not compared: a language, a script and a region are, as in \"\(tag.language)\""
    }
    let front = String(text.lowercased().prefix { $0 != "-" && $0 != "_" })
    let near = front.count < shortestName ? nil : nearest(to: front, among: names.map(\.name))
    let meant = countries[front] ?? names.first { $0.name == near }?.code
    return "\"\(text)\" is no language tag" + (meant.map { " (did you mean \"\($0)\"?)" } ?? " such as \"en\", \"pt-br\" or \"zh-hant\"")
  }

  /// Codes of countries that are taken for those of their languages, and are no codes of languages.
  private static let countries = [
    "at": "de", "by": "be", "cn": "zh", "cz": "cs", "dk": "da", "gb": "en", "gr": "el", "hk": "zh-hant", "il": "he", "ir": "fa", "jp": "ja",
    "pk": "ur", "rs": "sr", "ua": "uk", "us": "en", "vn": "vi",
  ]

  /// Shorter ones would be near to everything.
  private static let shortestName = 4

  /// The English names of the languages that CLD2 knows, in lower case.
  private static let names: [(name: String, code: String)] = {
    var result: [(String, String)] = []
    var name: UnsafePointer<CChar>?
    var code: UnsafePointer<CChar>?
    while ccld2_language(result.count, &name, &code), let name, let code {
      result.append((String(cString: name).lowercased(), String(cString: code)))
    }
    return result.compactMap { name, code in name.count < shortestName ? nil : LanguageTag(code).map { (name, $0.description) } }
  }()
}
