/// Finds, among the lifetimes inserted so far, those that overlap another one, without looking at the rest.
struct LifetimeIndex {
  /// A tree over the steps: each lifetime is kept at the few nodes that make up its steps.
  private var covers: [[Int]]
  /// The lifetimes that begin at each step.
  private var starts: [[Int]]
  private let leaves: Int
  /// What insertions and searches have looked at.
  private(set) var work = 0

  init(stepCount: Int) {
    var leaves = 1
    while leaves < stepCount { leaves *= 2 }
    self.leaves = leaves
    covers = [[Int]](repeating: [], count: 2 * leaves)
    starts = [[Int]](repeating: [], count: leaves)
  }

  mutating func insert(_ index: Int, _ lifetime: Lifetime) {
    starts[lifetime.first].append(index)
    var (low, high) = (lifetime.first + leaves, lifetime.last + leaves + 1)
    while low < high {
      if low & 1 == 1 { covers[low].append(index); low += 1 }
      if high & 1 == 1 { high -= 1; covers[high].append(index) }
      low /= 2
      high /= 2
      work += 1
    }
  }

  /// Those that are in use when the lifetime begins, then those that begin while it lasts.
  mutating func overlapping(_ lifetime: Lifetime) -> [Int] {
    var result: [Int] = []
    var node = lifetime.first + leaves
    while node > 0 {
      result += covers[node]
      node /= 2
    }
    for step in lifetime.first..<lifetime.last { result += starts[step + 1] }
    work += result.count + lifetime.last - lifetime.first + 1
    return result
  }
}
