# The acceptance test of an MSI package, as an administrator on a clean Windows without a network. Not run here.
#
#   powershell -ExecutionPolicy Bypass -File accept.ps1 -Package saliscope-VERSION-machine.msi
param([Parameter(Mandatory = $true)][string]$Package)
Set-StrictMode -Version Latest
$ErrorActionPreference = "Stop"
$Package = (Resolve-Path $Package).Path

function Invoke-Installer([string[]]$Arguments) {
    $Process = Start-Process msiexec -ArgumentList $Arguments -Wait -PassThru
    if ($Process.ExitCode -ne 0) { throw "msiexec $Arguments ended with $($Process.ExitCode)." }
}

Invoke-Installer @("/i", "`"$Package`"", "/qn", "/norestart")
$Folders = @("$env:ProgramFiles\Saliscope", "$env:LOCALAPPDATA\Saliscope")
$Program = $Folders | ForEach-Object { Join-Path $_ "saliscope.exe" } | Where-Object { Test-Path $_ }
& $Program self-test --out (Join-Path $env:TEMP "saliscope-self-test")
if ($LASTEXITCODE -ne 0) { throw "The self-test failed." }
Invoke-Installer @("/x", "`"$Package`"", "/qn", "/norestart")
if (Test-Path $Program) { throw "The removal left $Program." }
Write-Output "PASSED"
