# syntax=docker/dockerfile:1

# Build. The SDK runs on the machine that builds; what it makes runs on the target platform.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /source

# Packages first: this layer is built again only when a project file changes.
COPY global.json NuGet.config Directory.Build.props Directory.Packages.props ./
COPY src/Talon.Rules/Talon.Rules.csproj src/Talon.Rules/
COPY src/Talon.Cluster/Talon.Cluster.csproj src/Talon.Cluster/
COPY src/Talon.Actors/Talon.Actors.csproj src/Talon.Actors/
COPY src/Talon.Host/Talon.Host.csproj src/Talon.Host/
RUN arch="${TARGETARCH:-amd64}"; [ "$arch" = amd64 ] && arch=x64; \
    dotnet restore src/Talon.Host/Talon.Host.csproj --runtime "linux-$arch"

COPY .editorconfig analyzers.globalconfig BannedSymbols.txt LICENSE ./
COPY hocon/ hocon/
COPY src/ src/
RUN arch="${TARGETARCH:-amd64}"; [ "$arch" = amd64 ] && arch=x64; \
    dotnet publish src/Talon.Host/Talon.Host.csproj --no-restore --configuration Release --runtime "linux-$arch" --no-self-contained --output /app \
    && cp LICENSE /app/ \
    && mkdir -p /state/talon

# Run. The chiseled image has no shell, no package manager and no root login.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS run
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=1234:1234 /state/talon /var/lib/talon

# A number, so that Kubernetes can see that it is not root.
USER 1234:1234
# Nothing of the runtime needs to write: diagnostics sockets would want /tmp.
ENV DOTNET_EnableDiagnostics=0
VOLUME /var/lib/talon
EXPOSE 2803
ENTRYPOINT ["dotnet", "/app/talon.dll"]
CMD ["server"]
