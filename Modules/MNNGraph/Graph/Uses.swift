/// Where a value is used: as an input of a node, by position.
struct Use: Hashable, Sendable {
  let node: Node.ID
  let input: Int
}

/// The uses of one value, each once. Adding and removing one takes the same time however many there are.
struct Uses: Sendable {
  private(set) var list: [Use] = []
  /// The place of each use in `list`, kept once there are many.
  private var places: [Use: Int] = [:]
  private static let few = 16

  mutating func add(_ use: Use) {
    list.append(use)
    if list.count == Uses.few + 1 {
      for (i, use) in list.enumerated() { places[use] = i }
    } else if list.count > Uses.few {
      places[use] = list.count - 1
    }
  }

  /// Removes a use; the last one takes its place.
  mutating func remove(_ use: Use) {
    guard let place = places.isEmpty ? list.firstIndex(of: use) : places.removeValue(forKey: use), let last = list.popLast()
    else { return }
    guard place < list.count else { return }
    list[place] = last
    if !places.isEmpty { places[last] = place }
  }

  mutating func removeAll() { self = Uses() }

  func contains(_ use: Use) -> Bool { places.isEmpty ? list.contains(use) : places[use] != nil }
}
