#include "CModels.h"

#define SINGLE(function, variable, label) \
  cmodels_resource function(void) { return (cmodels_resource){label, variable, sizeof variable}; }
#define TABLE(function, table)                      \
  const cmodels_resource *function(size_t *count) { \
    *count = sizeof table / sizeof table[0];        \
    return table;                                   \
  }
#define ROW(prefix, language) {#language, prefix##language, sizeof prefix##language}

static const unsigned char charsets[] = {
#embed "../Pipeline/Readers/Resources/charsets.txt"
};
static const unsigned char html_entities[] = {
#embed "../Pipeline/Readers/Resources/entities.txt"
};
_Alignas(64) static const unsigned char entity_model[] = {
#embed "../Stages/Entities/Resources/entities.model"
};
static const unsigned char names[] = {
#embed "../Stages/Entities/Resources/names.tsv"
};
static const unsigned char article_model[] = {
#embed "../Stages/Article/Resources/article.model"
};
static const unsigned char sentence_model[] = {
#embed "../Stages/Sentences/Resources/sentences.model"
};
SINGLE(cmodels_article_model, article_model, "article")
SINGLE(cmodels_charsets, charsets, "charsets")
SINGLE(cmodels_entity_model, entity_model, "entities")
SINGLE(cmodels_html_entities, html_entities, "entities")
SINGLE(cmodels_names, names, "names")
SINGLE(cmodels_sentence_model, sentence_model, "sentences")

static const unsigned char metadata_ar[] = {
#embed "../Stages/Metadata/Resources/ar.txt"
};
static const unsigned char metadata_de[] = {
#embed "../Stages/Metadata/Resources/de.txt"
};
static const unsigned char metadata_en[] = {
#embed "../Stages/Metadata/Resources/en.txt"
};
static const unsigned char metadata_es[] = {
#embed "../Stages/Metadata/Resources/es.txt"
};
static const unsigned char metadata_fr[] = {
#embed "../Stages/Metadata/Resources/fr.txt"
};
static const unsigned char metadata_it[] = {
#embed "../Stages/Metadata/Resources/it.txt"
};
static const unsigned char metadata_ja[] = {
#embed "../Stages/Metadata/Resources/ja.txt"
};
static const unsigned char metadata_ko[] = {
#embed "../Stages/Metadata/Resources/ko.txt"
};
static const unsigned char metadata_nl[] = {
#embed "../Stages/Metadata/Resources/nl.txt"
};
static const unsigned char metadata_pl[] = {
#embed "../Stages/Metadata/Resources/pl.txt"
};
static const unsigned char metadata_pt[] = {
#embed "../Stages/Metadata/Resources/pt.txt"
};
static const unsigned char metadata_ru[] = {
#embed "../Stages/Metadata/Resources/ru.txt"
};
static const unsigned char metadata_sv[] = {
#embed "../Stages/Metadata/Resources/sv.txt"
};
static const unsigned char metadata_tr[] = {
#embed "../Stages/Metadata/Resources/tr.txt"
};
static const unsigned char metadata_zh[] = {
#embed "../Stages/Metadata/Resources/zh.txt"
};
static const cmodels_resource metadata[] = {
    ROW(metadata_, ar),
    ROW(metadata_, de),
    ROW(metadata_, en),
    ROW(metadata_, es),
    ROW(metadata_, fr),
    ROW(metadata_, it),
    ROW(metadata_, ja),
    ROW(metadata_, ko),
    ROW(metadata_, nl),
    ROW(metadata_, pl),
    ROW(metadata_, pt),
    ROW(metadata_, ru),
    ROW(metadata_, sv),
    ROW(metadata_, tr),
    ROW(metadata_, zh),
};
TABLE(cmodels_metadata, metadata)

static const unsigned char boilerplate_agencies[] = {
#embed "../Stages/Boilerplate/Resources/agencies.txt"
};
static const unsigned char boilerplate_ar[] = {
#embed "../Stages/Boilerplate/Resources/ar.txt"
};
static const unsigned char boilerplate_cs[] = {
#embed "../Stages/Boilerplate/Resources/cs.txt"
};
static const unsigned char boilerplate_da[] = {
#embed "../Stages/Boilerplate/Resources/da.txt"
};
static const unsigned char boilerplate_de[] = {
#embed "../Stages/Boilerplate/Resources/de.txt"
};
static const unsigned char boilerplate_el[] = {
#embed "../Stages/Boilerplate/Resources/el.txt"
};
static const unsigned char boilerplate_en[] = {
#embed "../Stages/Boilerplate/Resources/en.txt"
};
static const unsigned char boilerplate_es[] = {
#embed "../Stages/Boilerplate/Resources/es.txt"
};
static const unsigned char boilerplate_fa[] = {
#embed "../Stages/Boilerplate/Resources/fa.txt"
};
static const unsigned char boilerplate_fi[] = {
#embed "../Stages/Boilerplate/Resources/fi.txt"
};
static const unsigned char boilerplate_fr[] = {
#embed "../Stages/Boilerplate/Resources/fr.txt"
};
static const unsigned char boilerplate_he[] = {
#embed "../Stages/Boilerplate/Resources/he.txt"
};
static const unsigned char boilerplate_hi[] = {
#embed "../Stages/Boilerplate/Resources/hi.txt"
};
static const unsigned char boilerplate_hu[] = {
#embed "../Stages/Boilerplate/Resources/hu.txt"
};
static const unsigned char boilerplate_id[] = {
#embed "../Stages/Boilerplate/Resources/id.txt"
};
static const unsigned char boilerplate_it[] = {
#embed "../Stages/Boilerplate/Resources/it.txt"
};
static const unsigned char boilerplate_ja[] = {
#embed "../Stages/Boilerplate/Resources/ja.txt"
};
static const unsigned char boilerplate_ko[] = {
#embed "../Stages/Boilerplate/Resources/ko.txt"
};
static const unsigned char boilerplate_nl[] = {
#embed "../Stages/Boilerplate/Resources/nl.txt"
};
static const unsigned char boilerplate_no[] = {
#embed "../Stages/Boilerplate/Resources/no.txt"
};
static const unsigned char boilerplate_pl[] = {
#embed "../Stages/Boilerplate/Resources/pl.txt"
};
static const unsigned char boilerplate_pt[] = {
#embed "../Stages/Boilerplate/Resources/pt.txt"
};
static const unsigned char boilerplate_ro[] = {
#embed "../Stages/Boilerplate/Resources/ro.txt"
};
static const unsigned char boilerplate_ru[] = {
#embed "../Stages/Boilerplate/Resources/ru.txt"
};
static const unsigned char boilerplate_sv[] = {
#embed "../Stages/Boilerplate/Resources/sv.txt"
};
static const unsigned char boilerplate_tr[] = {
#embed "../Stages/Boilerplate/Resources/tr.txt"
};
static const unsigned char boilerplate_uk[] = {
#embed "../Stages/Boilerplate/Resources/uk.txt"
};
static const unsigned char boilerplate_vi[] = {
#embed "../Stages/Boilerplate/Resources/vi.txt"
};
static const unsigned char boilerplate_zh[] = {
#embed "../Stages/Boilerplate/Resources/zh.txt"
};
static const cmodels_resource boilerplate_table[] = {
    ROW(boilerplate_, agencies),
    ROW(boilerplate_, ar),
    ROW(boilerplate_, cs),
    ROW(boilerplate_, da),
    ROW(boilerplate_, de),
    ROW(boilerplate_, el),
    ROW(boilerplate_, en),
    ROW(boilerplate_, es),
    ROW(boilerplate_, fa),
    ROW(boilerplate_, fi),
    ROW(boilerplate_, fr),
    ROW(boilerplate_, he),
    ROW(boilerplate_, hi),
    ROW(boilerplate_, hu),
    ROW(boilerplate_, id),
    ROW(boilerplate_, it),
    ROW(boilerplate_, ja),
    ROW(boilerplate_, ko),
    ROW(boilerplate_, nl),
    ROW(boilerplate_, no),
    ROW(boilerplate_, pl),
    ROW(boilerplate_, pt),
    ROW(boilerplate_, ro),
    ROW(boilerplate_, ru),
    ROW(boilerplate_, sv),
    ROW(boilerplate_, tr),
    ROW(boilerplate_, uk),
    ROW(boilerplate_, vi),
    ROW(boilerplate_, zh),
};
TABLE(cmodels_boilerplate, boilerplate_table)

static const unsigned char notes_autonyms[] = {
#embed "../Stages/TranslationNotes/Resources/autonyms.txt"
};
static const unsigned char notes_ar[] = {
#embed "../Stages/TranslationNotes/Resources/ar.txt"
};
static const unsigned char notes_cs[] = {
#embed "../Stages/TranslationNotes/Resources/cs.txt"
};
static const unsigned char notes_da[] = {
#embed "../Stages/TranslationNotes/Resources/da.txt"
};
static const unsigned char notes_de[] = {
#embed "../Stages/TranslationNotes/Resources/de.txt"
};
static const unsigned char notes_el[] = {
#embed "../Stages/TranslationNotes/Resources/el.txt"
};
static const unsigned char notes_en[] = {
#embed "../Stages/TranslationNotes/Resources/en.txt"
};
static const unsigned char notes_es[] = {
#embed "../Stages/TranslationNotes/Resources/es.txt"
};
static const unsigned char notes_fa[] = {
#embed "../Stages/TranslationNotes/Resources/fa.txt"
};
static const unsigned char notes_fi[] = {
#embed "../Stages/TranslationNotes/Resources/fi.txt"
};
static const unsigned char notes_fr[] = {
#embed "../Stages/TranslationNotes/Resources/fr.txt"
};
static const unsigned char notes_he[] = {
#embed "../Stages/TranslationNotes/Resources/he.txt"
};
static const unsigned char notes_hi[] = {
#embed "../Stages/TranslationNotes/Resources/hi.txt"
};
static const unsigned char notes_hu[] = {
#embed "../Stages/TranslationNotes/Resources/hu.txt"
};
static const unsigned char notes_id[] = {
#embed "../Stages/TranslationNotes/Resources/id.txt"
};
static const unsigned char notes_it[] = {
#embed "../Stages/TranslationNotes/Resources/it.txt"
};
static const unsigned char notes_ja[] = {
#embed "../Stages/TranslationNotes/Resources/ja.txt"
};
static const unsigned char notes_ko[] = {
#embed "../Stages/TranslationNotes/Resources/ko.txt"
};
static const unsigned char notes_nl[] = {
#embed "../Stages/TranslationNotes/Resources/nl.txt"
};
static const unsigned char notes_no[] = {
#embed "../Stages/TranslationNotes/Resources/no.txt"
};
static const unsigned char notes_pl[] = {
#embed "../Stages/TranslationNotes/Resources/pl.txt"
};
static const unsigned char notes_pt[] = {
#embed "../Stages/TranslationNotes/Resources/pt.txt"
};
static const unsigned char notes_ro[] = {
#embed "../Stages/TranslationNotes/Resources/ro.txt"
};
static const unsigned char notes_ru[] = {
#embed "../Stages/TranslationNotes/Resources/ru.txt"
};
static const unsigned char notes_sv[] = {
#embed "../Stages/TranslationNotes/Resources/sv.txt"
};
static const unsigned char notes_tr[] = {
#embed "../Stages/TranslationNotes/Resources/tr.txt"
};
static const unsigned char notes_uk[] = {
#embed "../Stages/TranslationNotes/Resources/uk.txt"
};
static const unsigned char notes_vi[] = {
#embed "../Stages/TranslationNotes/Resources/vi.txt"
};
static const unsigned char notes_zh[] = {
#embed "../Stages/TranslationNotes/Resources/zh.txt"
};
static const cmodels_resource notes_table[] = {
    ROW(notes_, autonyms),
    ROW(notes_, ar),
    ROW(notes_, cs),
    ROW(notes_, da),
    ROW(notes_, de),
    ROW(notes_, el),
    ROW(notes_, en),
    ROW(notes_, es),
    ROW(notes_, fa),
    ROW(notes_, fi),
    ROW(notes_, fr),
    ROW(notes_, he),
    ROW(notes_, hi),
    ROW(notes_, hu),
    ROW(notes_, id),
    ROW(notes_, it),
    ROW(notes_, ja),
    ROW(notes_, ko),
    ROW(notes_, nl),
    ROW(notes_, no),
    ROW(notes_, pl),
    ROW(notes_, pt),
    ROW(notes_, ro),
    ROW(notes_, ru),
    ROW(notes_, sv),
    ROW(notes_, tr),
    ROW(notes_, uk),
    ROW(notes_, vi),
    ROW(notes_, zh),
};
TABLE(cmodels_translation_notes, notes_table)

static const unsigned char abbreviations_ar[] = {
#embed "../Stages/Sentences/Resources/ar.txt"
};
static const unsigned char abbreviations_bg[] = {
#embed "../Stages/Sentences/Resources/bg.txt"
};
static const unsigned char abbreviations_ca[] = {
#embed "../Stages/Sentences/Resources/ca.txt"
};
static const unsigned char abbreviations_cs[] = {
#embed "../Stages/Sentences/Resources/cs.txt"
};
static const unsigned char abbreviations_da[] = {
#embed "../Stages/Sentences/Resources/da.txt"
};
static const unsigned char abbreviations_de[] = {
#embed "../Stages/Sentences/Resources/de.txt"
};
static const unsigned char abbreviations_el[] = {
#embed "../Stages/Sentences/Resources/el.txt"
};
static const unsigned char abbreviations_en[] = {
#embed "../Stages/Sentences/Resources/en.txt"
};
static const unsigned char abbreviations_es[] = {
#embed "../Stages/Sentences/Resources/es.txt"
};
static const unsigned char abbreviations_et[] = {
#embed "../Stages/Sentences/Resources/et.txt"
};
static const unsigned char abbreviations_fa[] = {
#embed "../Stages/Sentences/Resources/fa.txt"
};
static const unsigned char abbreviations_fi[] = {
#embed "../Stages/Sentences/Resources/fi.txt"
};
static const unsigned char abbreviations_fr[] = {
#embed "../Stages/Sentences/Resources/fr.txt"
};
static const unsigned char abbreviations_he[] = {
#embed "../Stages/Sentences/Resources/he.txt"
};
static const unsigned char abbreviations_hi[] = {
#embed "../Stages/Sentences/Resources/hi.txt"
};
static const unsigned char abbreviations_hr[] = {
#embed "../Stages/Sentences/Resources/hr.txt"
};
static const unsigned char abbreviations_hu[] = {
#embed "../Stages/Sentences/Resources/hu.txt"
};
static const unsigned char abbreviations_hy[] = {
#embed "../Stages/Sentences/Resources/hy.txt"
};
static const unsigned char abbreviations_id[] = {
#embed "../Stages/Sentences/Resources/id.txt"
};
static const unsigned char abbreviations_it[] = {
#embed "../Stages/Sentences/Resources/it.txt"
};
static const unsigned char abbreviations_ja[] = {
#embed "../Stages/Sentences/Resources/ja.txt"
};
static const unsigned char abbreviations_ka[] = {
#embed "../Stages/Sentences/Resources/ka.txt"
};
static const unsigned char abbreviations_kk[] = {
#embed "../Stages/Sentences/Resources/kk.txt"
};
static const unsigned char abbreviations_ko[] = {
#embed "../Stages/Sentences/Resources/ko.txt"
};
static const unsigned char abbreviations_lt[] = {
#embed "../Stages/Sentences/Resources/lt.txt"
};
static const unsigned char abbreviations_lv[] = {
#embed "../Stages/Sentences/Resources/lv.txt"
};
static const unsigned char abbreviations_nl[] = {
#embed "../Stages/Sentences/Resources/nl.txt"
};
static const unsigned char abbreviations_no[] = {
#embed "../Stages/Sentences/Resources/no.txt"
};
static const unsigned char abbreviations_pl[] = {
#embed "../Stages/Sentences/Resources/pl.txt"
};
static const unsigned char abbreviations_pt[] = {
#embed "../Stages/Sentences/Resources/pt.txt"
};
static const unsigned char abbreviations_ro[] = {
#embed "../Stages/Sentences/Resources/ro.txt"
};
static const unsigned char abbreviations_ru[] = {
#embed "../Stages/Sentences/Resources/ru.txt"
};
static const unsigned char abbreviations_sk[] = {
#embed "../Stages/Sentences/Resources/sk.txt"
};
static const unsigned char abbreviations_sl[] = {
#embed "../Stages/Sentences/Resources/sl.txt"
};
static const unsigned char abbreviations_sr[] = {
#embed "../Stages/Sentences/Resources/sr.txt"
};
static const unsigned char abbreviations_sv[] = {
#embed "../Stages/Sentences/Resources/sv.txt"
};
static const unsigned char abbreviations_tr[] = {
#embed "../Stages/Sentences/Resources/tr.txt"
};
static const unsigned char abbreviations_uk[] = {
#embed "../Stages/Sentences/Resources/uk.txt"
};
static const unsigned char abbreviations_ur[] = {
#embed "../Stages/Sentences/Resources/ur.txt"
};
static const unsigned char abbreviations_vi[] = {
#embed "../Stages/Sentences/Resources/vi.txt"
};
static const unsigned char abbreviations_zh[] = {
#embed "../Stages/Sentences/Resources/zh.txt"
};
static const cmodels_resource abbreviations_table[] = {
    ROW(abbreviations_, ar),
    ROW(abbreviations_, bg),
    ROW(abbreviations_, ca),
    ROW(abbreviations_, cs),
    ROW(abbreviations_, da),
    ROW(abbreviations_, de),
    ROW(abbreviations_, el),
    ROW(abbreviations_, en),
    ROW(abbreviations_, es),
    ROW(abbreviations_, et),
    ROW(abbreviations_, fa),
    ROW(abbreviations_, fi),
    ROW(abbreviations_, fr),
    ROW(abbreviations_, he),
    ROW(abbreviations_, hi),
    ROW(abbreviations_, hr),
    ROW(abbreviations_, hu),
    ROW(abbreviations_, hy),
    ROW(abbreviations_, id),
    ROW(abbreviations_, it),
    ROW(abbreviations_, ja),
    ROW(abbreviations_, ka),
    ROW(abbreviations_, kk),
    ROW(abbreviations_, ko),
    ROW(abbreviations_, lt),
    ROW(abbreviations_, lv),
    ROW(abbreviations_, nl),
    ROW(abbreviations_, no),
    ROW(abbreviations_, pl),
    ROW(abbreviations_, pt),
    ROW(abbreviations_, ro),
    ROW(abbreviations_, ru),
    ROW(abbreviations_, sk),
    ROW(abbreviations_, sl),
    ROW(abbreviations_, sr),
    ROW(abbreviations_, sv),
    ROW(abbreviations_, tr),
    ROW(abbreviations_, uk),
    ROW(abbreviations_, ur),
    ROW(abbreviations_, vi),
    ROW(abbreviations_, zh),
};
TABLE(cmodels_abbreviations, abbreviations_table)
