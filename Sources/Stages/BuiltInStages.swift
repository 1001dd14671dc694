import Pipeline

/// The stages that come with the project. A new one is a folder beside this file and a line here.
public enum BuiltInStages {
  public static let registry = StageRegistry([
    ArticleStage.self,
    MetadataStage.self,
    LanguageStage.self,
    NormalizeStage.self,
    BoilerplateStage.self,
    TranslationNotesStage.self,
    SentencesStage.self,
    EntitiesStage.self,
    FilterStage.self,
    NearDuplicatesStage.self,
  ])
}
