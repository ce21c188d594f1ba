/// When a piece of memory is in use: from the step that writes it first to the step that reads it last, both included.
public struct Lifetime: Sendable, Hashable {
  public var byteCount: Int
  public var first: Int
  public var last: Int

  public init(byteCount: Int, first: Int, last: Int) {
    self.byteCount = byteCount
    self.first = first
    self.last = last
  }

  func overlaps(_ other: Lifetime) -> Bool { first <= other.last && other.first <= last }
}

/// Offsets in one arena such that pieces whose lifetimes overlap do not.
public struct MemoryPlan: Sendable, Hashable {
  /// In bytes, one per lifetime.
  public let offsets: [Int]
  /// The arena's size: known before anything runs.
  public let byteCount: Int

  /// Offsets are multiples of this.
  public static let alignment = 64

  /// Places large pieces first, each at the lowest offset where the smallest sufficient gap is.
  ///
  /// - Complexity: O(n²) in the number of lifetimes.
  public init(_ lifetimes: [Lifetime]) {
    func aligned(_ size: Int) -> Int { (max(size, 1) + MemoryPlan.alignment - 1) / MemoryPlan.alignment * MemoryPlan.alignment }
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var placed: [(offset: Int, index: Int)] = []
    var total = 0
    let bySize = lifetimes.indices.sorted {
      (lifetimes[$0].byteCount, lifetimes[$1].first) > (lifetimes[$1].byteCount, lifetimes[$0].first)
    }
    for i in bySize {
      let size = aligned(lifetimes[i].byteCount)
      var best: (offset: Int, gap: Int)?
      var end = 0
      for other in placed where lifetimes[other.index].overlaps(lifetimes[i]) {
        let gap = other.offset - end
        if gap >= size, gap < best?.gap ?? .max { best = (end, gap) }
        end = max(end, other.offset + aligned(lifetimes[other.index].byteCount))
      }
      offsets[i] = best?.offset ?? end
      total = max(total, offsets[i] + size)
      let position = placed.firstIndex { $0.offset > offsets[i] } ?? placed.count
      placed.insert((offsets[i], i), at: position)
    }
    self.offsets = offsets
    byteCount = total
  }
}
