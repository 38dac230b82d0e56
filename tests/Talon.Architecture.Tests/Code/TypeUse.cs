using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace Talon.Architecture.Tests.Code;

/// <summary>Finds the types that a type uses: in its signatures, and in the bodies of its methods.</summary>
internal static class TypeUse
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly FrozenDictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => code.Value);

    /// <summary>All types that a type uses; those nested in it count as itself and are asked on their own.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var used = new HashSet<Type>();
        Add(used, type.BaseType);
        foreach (var other in type.GetInterfaces())
            Add(used, other);
        foreach (var attribute in type.CustomAttributes)
            Add(used, attribute.AttributeType);
        foreach (var field in type.GetFields(All))
            Add(used, field.FieldType);
        foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
            AddMethod(used, method);
        return used;
    }

    private static void AddMethod(HashSet<Type> used, MethodBase method)
    {
        foreach (var parameter in method.GetParameters())
            Add(used, parameter.ParameterType);
        if (method is MethodInfo { ReturnType: var returned })
            Add(used, returned);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(used, local.LocalType);
        foreach (int token in Tokens(body.GetILAsByteArray() ?? []))
            AddMember(used, Resolve(method, token));
    }

    private static void AddMember(HashSet<Type> used, MemberInfo? member)
    {
        Add(used, member as Type ?? member?.DeclaringType);
        if (member is MethodInfo { IsGenericMethod: true } generic)
        {
            foreach (var argument in generic.GetGenericArguments())
                Add(used, argument);
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, typeArguments, methodArguments);
    }

    // The operands of a body that name a type, a field or a method.
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xfe)
                value = unchecked((short)((value << 8) | code[at++]));
            var operand = Codes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(code, at);
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    private static void Add(HashSet<Type> used, Type? type)
    {
        if (type is null)
            return;
        if (type.HasElementType)
        {
            Add(used, type.GetElementType());
            return;
        }

        if (!type.IsGenericParameter && used.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type) && type.IsGenericType)
        {
            foreach (var argument in type.GetGenericArguments())
                Add(used, argument);
        }
    }
}
