/// What went wrong with an image, with what a person needs to act on it. Compare ``code``; show ``description``.
public struct ImageError: Error, Hashable, Sendable {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The picture does not exist or cannot be read: `cv.imread("missing.png")`.
    case fileUnreadable = "MNN-V001"
    /// The bytes begin as no format that is read.
    case formatUnknown = "MNN-V002"
    /// The bytes begin as a picture but cannot be decoded: a JPEG that was cut short.
    case imageDamaged = "MNN-V003"
    /// More pixels or elements than are computed with: a file whose header states 100000 x 100000.
    case imageTooLarge = "MNN-V004"
    /// There is no memory for the picture or the result.
    case outOfMemory = "MNN-V005"
    /// An argument is out of its range: a kernel of even size, a negative width.
    case argumentInvalid = "MNN-V006"
    /// The picture cannot be written: a folder that does not exist, a suffix that no encoder has.
    case fileUnwritable = "MNN-V007"
    /// No result exists for this input, such as a solution of a singular system.
    case noSolution = "MNN-V008"
    /// The variable that is to be read holds an error, or computing it fails.
    case variableFailed = "MNN-V009"
  }

  public var code: Code
  /// What is wrong, as a clause without a full stop.
  public var what: String
  public var expected: String?
  public var found: String?
  /// What to do about it.
  public var advice: String?
  public var file: String?

  public init(
    _ code: Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil,
    file: String? = nil
  ) {
    self.code = code
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
    self.file = file
  }
}

extension ImageError: CustomStringConvertible {
  public var description: String {
    var text = file.map { "\($0): " } ?? ""
    text += what
    if let expected { text += ": expected \(expected)" }
    if let found { text += (expected == nil ? ": " : ", ") + "found \(found)" }
    if let advice { text += "; \(advice)" }
    return text + " [\(code.rawValue)]"
  }
}
