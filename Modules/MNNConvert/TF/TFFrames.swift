/// A graph's nodes by their names, and the loops that control flow of TensorFlow 1 is made of.
///
/// A loop is a frame: values come in through Enter, pass Merge, where what NextIteration gives comes back, and Switch, which sends
/// them on into the body or out through Exit. LoopCond says which.
struct TFFrames {
  struct Frame {
    var enters: [String] = []
    var variables: [Variable] = []
    var condition = ""
  }

  /// A value that the loop carries.
  struct Variable {
    var merge: String
    var enter: String
    var next: String
    var switches: String
  }

  private(set) var nodes: [String: TFNode] = [:]
  /// In the order of the file.
  let names: [String]
  private(set) var frames: [String: Frame] = [:]
  /// The frame that an Exit leaves, and which of its variables it gives.
  private(set) var exits: [String: (frame: String, variable: Int)] = [:]
  /// The Merge nodes of loops.
  private(set) var merges: Set<String> = []

  init(_ list: [TFNode]) throws(ImportError) {
    for node in list {
      guard nodes.updateValue(node, forKey: node.name) == nil else {
        throw ImportError(.invalidGraph, "node \"\(node.name)\" is there twice", advice: "the model breaks a rule of the format")
      }
    }
    names = list.map(\.name)
    var frameOf: [String: String] = [:]
    for node in list where node.op == "Enter" || node.op == "RefEnter" {
      guard case .string(let bytes)? = node.attributes["frame_name"] else { continue }
      let frame = String(decoding: bytes, as: UTF8.self)
      frameOf[node.name] = frame
      frames[frame, default: Frame()].enters.append(node.name)
    }
    guard !frames.isEmpty else { return }
    for node in list where node.op == "Merge" {
      let sources = node.inputs.map { Self.source($0) }
      guard let enter = sources.first(where: { frameOf[$0] != nil }), let frame = frameOf[enter],
        let next = sources.first(where: { nodes[$0]?.op == "NextIteration" })
      else { continue }
      merges.insert(node.name)
      frames[frame]?.variables.append(Variable(merge: node.name, enter: enter, next: next, switches: ""))
    }
    var places: [String: (frame: String, variable: Int)] = [:]
    for (name, frame) in frames { for (i, variable) in frame.variables.enumerated() { places[variable.merge] = (name, i) } }
    var switches: [String: (frame: String, variable: Int)] = [:]
    for node in list where node.op == "Switch" && node.inputs.count > 1 {
      guard let place = places[Self.source(node.inputs[0])], nodes[Self.source(node.inputs[1])]?.op == "LoopCond" else {
        continue
      }
      switches[node.name] = place
      frames[place.frame]?.variables[place.variable].switches = node.name
      frames[place.frame]?.condition = Self.source(node.inputs[1])
    }
    for node in list where node.op == "Exit" {
      if let first = node.inputs.first, let place = switches[Self.source(first)] { exits[node.name] = place }
    }
  }

  /// The node that a reference names.
  static func source(_ reference: String) -> String {
    let name = reference.hasPrefix("^") ? reference.dropFirst() : reference[...]
    return String(name.prefix { $0 != ":" })
  }
}
