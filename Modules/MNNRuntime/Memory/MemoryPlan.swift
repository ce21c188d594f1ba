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
  /// How many pieces were looked at to find the places.
  package let steps: Int

  /// Offsets are multiples of this.
  public static let alignment = 64

  /// Places large pieces first, each at the lowest offset where the smallest sufficient gap is. Where so many are in use at once that
  /// this would take long, pieces of like size take turns instead.
  ///
  /// - Complexity: O(n log n) in the number of lifetimes.
  public init(_ lifetimes: [Lifetime]) {
    let limit = MemoryPlan.workLimit(lifetimes.count)
    self = MemoryPlan.largestFirst(lifetimes, limit: limit) ?? MemoryPlan.inTurns(lifetimes, after: limit)
  }

  private init(offsets: [Int], byteCount: Int, steps: Int) {
    self.offsets = offsets
    self.byteCount = byteCount
    self.steps = steps
  }

  private static func aligned(_ size: Int) -> Int { (max(size, 1) + alignment - 1) / alignment * alignment }

  /// How many pieces may be looked at: models of some hundred pieces may all be in use at once, longer ones must be chains.
  private static func workLimit(_ count: Int) -> Int { 1 << 18 + 128 * count }

  private static func largestFirst(_ lifetimes: [Lifetime], limit: Int) -> MemoryPlan? {
    var index = LifetimeIndex(stepCount: (lifetimes.map(\.last).max() ?? 0) + 1)
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var total = 0
    let bySize = lifetimes.indices.sorted {
      (lifetimes[$0].byteCount, lifetimes[$1].first) > (lifetimes[$1].byteCount, lifetimes[$0].first)
    }
    for i in bySize {
      let size = aligned(lifetimes[i].byteCount)
      var best: (offset: Int, gap: Int)?
      var end = 0
      let others = index.overlapping(lifetimes[i])
      if index.work > limit { return nil }
      for other in others.sorted(by: { (offsets[$0], $0) < (offsets[$1], $1) }) {
        let gap = offsets[other] - end
        if gap >= size, gap < best?.gap ?? .max { best = (end, gap) }
        end = max(end, offsets[other] + aligned(lifetimes[other].byteCount))
      }
      offsets[i] = best?.offset ?? end
      total = max(total, offsets[i] + size)
      index.insert(i, lifetimes[i])
    }
    return MemoryPlan(offsets: offsets, byteCount: total, steps: index.work)
  }

  /// In the order of steps: a piece takes the place of one of like size that is no longer in use, or a new one at the end.
  private static func inTurns(_ lifetimes: [Lifetime], after steps: Int) -> MemoryPlan {
    var offsets = [Int](repeating: 0, count: lifetimes.count)
    var total = 0
    /// Free places by size; a place has the largest size of its class.
    var free: [Int: [Int]] = [:]
    // Eight classes from one power of two to the next.
    func size(ofClassOf size: Int) -> Int {
      let step = max(alignment, 1 << max(0, Int.bitWidth - size.leadingZeroBitCount - 4))
      return (size + step - 1) / step * step
    }
    let ending = lifetimes.indices.sorted { lifetimes[$0].last < lifetimes[$1].last }
    var ended = 0
    let beginning = lifetimes.indices.sorted { (lifetimes[$0].first, $0) < (lifetimes[$1].first, $1) }
    for i in beginning {
      while ended < ending.count, lifetimes[ending[ended]].last < lifetimes[i].first {
        let gone = ending[ended]
        free[size(ofClassOf: aligned(lifetimes[gone].byteCount)), default: []].append(offsets[gone])
        ended += 1
      }
      let size = size(ofClassOf: aligned(lifetimes[i].byteCount))
      if let place = free[size]?.popLast() {
        offsets[i] = place
      } else {
        offsets[i] = total
        total += size
      }
    }
    return MemoryPlan(offsets: offsets, byteCount: total, steps: steps + lifetimes.count)
  }
}
