import Pipeline

/// The stages that come with the project. A new one is a folder beside this file and a line here.
public enum BuiltInStages {
  public static let registry = StageRegistry(all.map(StageKind.init) + [ExecStage.kind])

  /// Those that are made here; `exec` is the engine's.
  public static let all: [any StageType.Type] = [
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
  ]
}
