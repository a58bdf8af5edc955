//===- GatedOpsSyntax.cpp - The textual form of gated ops -----------------===//
//
//   glu.gated_projection [name[<param = number, ...>]] [in type]
//     gate(operands : types) value(operands : types) [extras(operands : types)]
//     outs(operands : types) [attributes {...}] [{ region }] [-> types]
//
// A named gating function stands for the region; default maps and the default
// accumulator type (`in`) are left out.
//
//===----------------------------------------------------------------------===//

#include "glu/IR/GLU.h"

using namespace mlir;
using namespace glu;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static void printOperandGroup(OpAsmPrinter &printer, StringRef keyword,
                              OperandRange operands) {
  if (operands.empty())
    return;
  printer << ' ' << keyword << '(';
  printer.printOperands(operands);
  printer << " : " << operands.getTypes() << ')';
}

/// `type` is that of g, in which a parameter needs fewer digits.
static void printGatingName(OpAsmPrinter &printer, const NamedGating &gating,
                            FloatType type) {
  printer << ' ' << gating.function->name;
  bool first = true;
  for (auto [parameter, value] :
       llvm::zip_equal(gating.function->parameters, gating.parameters)) {
    if (value == parameter.defaultValue)
      continue;
    printer << (first ? "<" : ", ") << parameter.name << " = ";
    APFloat number(value);
    bool losesInfo;
    number.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven,
                   &losesInfo);
    printer.printFloat(number);
    first = false;
  }
  if (!first)
    printer << '>';
}

/// The accumulator type that a branch has without `in`.
static Type getDefaultBranchType(TypeRange branch) {
  Type element = getElementTypeOrSelf(branch.front());
  return branch.size() > 1 ? getDefaultAccumulatorType(element) : element;
}

template <typename OpTy>
static void printGatedOp(OpTy op, OpAsmPrinter &p) {
  GatedOpInterface gated = op;
  std::optional<NamedGating> named;
  if (op.getOuts().size() == 1 && op.getExtras().empty())
    named = matchNamedGating(*gated.getGatingBlock());
  if (named) {
    printGatingName(p, *named, cast<FloatType>(gated.getGateType()));
    if (gated.getGateType() != getDefaultBranchType(op.getGate().getTypes()) ||
        gated.getValueType() != getDefaultBranchType(op.getValue().getTypes()))
      p << " in " << gated.getGateType();
  }
  printOperandGroup(p, "gate", op.getGate());
  printOperandGroup(p, "value", op.getValue());
  printOperandGroup(p, "extras", op.getExtras());
  printOperandGroup(p, "outs", op.getOuts());

  SmallVector<StringRef> elided = {"operandSegmentSizes"};
  if (getDefaultIndexingMaps(
          op.getContext(), op.getGate().getTypes(), op.getValue().getTypes(),
          op.getExtras().getTypes(),
          op.getOuts().getTypes()) == op.getIndexingMapsArray())
    elided.push_back(op.getIndexingMapsAttrName());
  p.printOptionalAttrDictWithKeyword(op->getAttrs(), elided);
  if (!named) {
    p << ' ';
    p.printRegion(op.getGating());
  }
  p.printOptionalArrowTypeList(op->getResultTypes());
}

void GateOp::print(OpAsmPrinter &printer) { printGatedOp(*this, printer); }
void GatedProjectionOp::print(OpAsmPrinter &printer) {
  printGatedOp(*this, printer);
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// `(` operands `:` types `)`, after the keyword.
static ParseResult parseOperandGroup(OpAsmParser &parser,
                                     SmallVectorImpl<Value> &values) {
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> types;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLParen() || parser.parseOperandList(operands) ||
      parser.parseColonTypeList(types) || parser.parseRParen())
    return failure();
  return parser.resolveOperands(operands, types, loc, values);
}

/// [`<` name `=` number, ... `>`] after the function's name.
static ParseResult parseGatingParameters(OpAsmParser &parser,
                                         NamedGating &gating) {
  auto parseOne = [&]() -> ParseResult {
    StringRef name;
    SMLoc loc = parser.getCurrentLocation();
    double value;
    if (parser.parseKeyword(&name) || parser.parseEqual() ||
        parser.parseFloat(value))
      return failure();
    for (auto [i, parameter] : llvm::enumerate(gating.function->parameters))
      if (parameter.name == name) {
        gating.parameters[i] = value;
        return success();
      }
    auto error = parser.emitError(loc, "the gating function ")
                 << gating.function->name << " has no parameter '" << name
                 << "'";
    if (!gating.function->parameters.empty()) {
      error << "; its parameters are ";
      llvm::interleaveComma(gating.function->parameters, error,
                            [&](const GatingParameter &p) { error << p.name; });
    }
    return error;
  };
  if (failed(parser.parseOptionalLess()))
    return success();
  return failure(failed(parser.parseCommaSeparatedList(parseOne)) ||
                 failed(parser.parseGreater()));
}

/// Looks up a name or explains which there are.
static ParseResult parseGatingName(OpAsmParser &parser, StringRef name,
                                   SMLoc loc, NamedGating &gating) {
  if (!lookupGatingFunction(name)) {
    auto error = parser.emitError(loc, "expects a gating function or 'gate', "
                                       "got '")
                 << name << "'; the gating functions are ";
    llvm::interleaveComma(getGatingFunctions(), error,
                          [&](const GatingFunction &f) { error << f.name; });
    return error;
  }
  gating = NamedGating::get(name);
  return parseGatingParameters(parser, gating);
}

/// Builds the region of a named gating function; reports what does not fit.
static ParseResult buildNamedRegion(OpAsmParser &parser, SMLoc loc,
                                    const NamedGating &gating, Type accumulator,
                                    ArrayRef<Value> gate, ArrayRef<Value> value,
                                    ArrayRef<Value> extras,
                                    ArrayRef<Value> outs, Region &region) {
  if (!extras.empty() || outs.size() != 1)
    return parser.emitError(loc, "a named gating function takes no extras and "
                                 "has one destination; write the region");
  ArrayRef<Value> branches[2] = {gate, value};
  Type types[2];
  for (auto [type, branch] : llvm::zip_equal(types, branches))
    type = accumulator && branch.size() > 1
               ? accumulator
               : getDefaultBranchType(TypeRange(ValueRange(branch)));
  Type element = getElementTypeOrSelf(outs.front());
  if (types[0] != types[1] || !isa<FloatType>(types[0]) ||
      !isa<FloatType>(element))
    return parser.emitError(loc, "a named gating function is between floats of "
                                 "one type, but g is ")
           << types[0] << ", v is " << types[1] << " and the result " << element
           << "; write the region";
  OpBuilder builder(parser.getContext());
  Location location = parser.getEncodedSourceLoc(loc);
  Block *block =
      builder.createBlock(&region, region.end(), types, {location, location});
  Value result =
      buildNamedGating(builder, location, gating, block->getArgument(0),
                       block->getArgument(1), element);
  YieldOp::create(builder, location, result);
  return success();
}

template <typename OpTy>
static ParseResult parseGatedOp(OpAsmParser &parser, OperationState &state) {
  SMLoc loc = parser.getCurrentLocation();
  NamedGating gating;
  Type accumulator;
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return failure();
  if (keyword != "gate") {
    if (parseGatingName(parser, keyword, loc, gating))
      return failure();
    if (succeeded(parser.parseOptionalKeyword("in")) &&
        parser.parseType(accumulator))
      return failure();
    if (parser.parseKeyword("gate"))
      return failure();
  }

  SmallVector<Value> gate, value, extras, outs;
  if (parseOperandGroup(parser, gate) || parser.parseKeyword("value") ||
      parseOperandGroup(parser, value))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("extras")) &&
      parseOperandGroup(parser, extras))
    return failure();
  if (parser.parseKeyword("outs") || parseOperandGroup(parser, outs))
    return failure();

  SMLoc attributesLoc = parser.getCurrentLocation();
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  if (!state.attributes.get("indexing_maps")) {
    SmallVector<AffineMap> maps = getDefaultIndexingMaps(
        parser.getContext(), ValueRange(gate).getTypes(),
        ValueRange(value).getTypes(), ValueRange(extras).getTypes(),
        ValueRange(outs).getTypes());
    if (llvm::is_contained(maps, AffineMap()))
      return parser.emitError(attributesLoc,
                              "the operands' ranks are not those of a matmul: "
                              "expects indexing_maps");
    state.addAttribute("indexing_maps",
                       parser.getBuilder().getAffineMapArrayAttr(maps));
  }

  Region *region = state.addRegion();
  if (gating.function) {
    if (buildNamedRegion(parser, loc, gating, accumulator, gate, value, extras,
                         outs, *region))
      return failure();
  } else if (parser.parseRegion(*region)) {
    return failure();
  }

  for (ArrayRef<Value> operands : {gate, value, extras, outs})
    state.addOperands(operands);
  auto &properties = state.getOrAddProperties<typename OpTy::Properties>();
  llvm::copy(ArrayRef<int32_t>({int32_t(gate.size()), int32_t(value.size()),
                                int32_t(extras.size()), int32_t(outs.size())}),
             properties.operandSegmentSizes.begin());
  return parser.parseOptionalArrowTypeList(state.types);
}

ParseResult GateOp::parse(OpAsmParser &parser, OperationState &state) {
  return parseGatedOp<GateOp>(parser, state);
}
ParseResult GatedProjectionOp::parse(OpAsmParser &parser,
                                     OperationState &state) {
  return parseGatedOp<GatedProjectionOp>(parser, state);
}
